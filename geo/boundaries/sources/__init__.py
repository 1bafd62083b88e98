"""Owns reading the published boundary data, one module per source; decides nothing about it."""
