"""Measures the matching engine beside its twin in SQL, a bare sort, and the open peer."""
