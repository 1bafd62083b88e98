"""Measures the calls that phones make most, beside their floors and at two sizes of the tables."""
