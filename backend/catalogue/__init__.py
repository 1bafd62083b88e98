"""Innovative products: their designations and the proposals they answer."""
