"""Measures lookups and tiles beside the open peers, on the same shapes and in one run."""
