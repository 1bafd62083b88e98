"""Owns the solver's lots: a public, repeatable order for what every other rule leaves equal."""

from __future__ import annotations

import hashlib


def application_ticket(seed: str, institution: str, product: str) -> str:
    """Draw the lot of an application: SHA-256 in lower hex, the lower wins.

    Ids hold no colon, so two applications never hash the same text.
    """
    return hashlib.sha256(f"{seed}:{institution}:{product}".encode()).hexdigest()


def product_ticket(seed: str, product: str) -> str:
    """Draw the lot of a product for its place in the funding order."""
    return hashlib.sha256(f"{seed}:{product}".encode()).hexdigest()
