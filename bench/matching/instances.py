"""Owns the rounds that are measured: random but the same everywhere, shaped like real ones.

An institution applies for about four products, a product is asked for by about thirty
institutions, and the money pays for less than a third of what is asked, as in the published rounds.
"""

from __future__ import annotations

import random
from typing import Any

CHOICES = 4
APPLICANTS_PER_PRODUCT = 30
PLACEMENTS = 5
_AREAS = ("citizen", "growth")
_NOT_RANKED = 1_000_000
_PRICES = (20_000_000, 40_000_000, 60_000_000, 90_000_000, 150_000_000)
_SHARE_PAID = 0.3
_POPULAR = 0.95
_SEATS: tuple[dict[str, Any], ...] = ({"residence": "all"}, {"designator": 1}, {})


def make_round(applications: int, seed: int = 1) -> dict[str, Any]:
    """Draw a round with six compared keys, as a document of the instance format.

    :param applications: how many; institutions and products follow from it.
    """
    draw = random.Random(seed)  # noqa: S311
    products = [
        _draw_product(draw, f"P{at:06d}") for at in range(applications // APPLICANTS_PER_PRODUCT)
    ]
    ids = [product["id"] for product in products]
    # A tenth of the products is asked for by hardly anybody, so that money is given out again.
    popular = ids[len(ids) // 10 :]
    institutions, rows = [], []
    for at in range(applications // CHOICES):
        ranking = draw.sample(popular if draw.random() < _POPULAR else ids, CHOICES)
        institution = f"I{at:07d}"
        institutions.append(
            {"id": institution, "capacity": draw.choice((1, 1, 1, 2)), "ranking": ranking}
        )
        rows += [_draw_application(draw, institution, product) for product in ranking]
    asked = APPLICANTS_PER_PRODUCT * sum(product["price_krw"] for product in products)
    budget = int(asked * _SHARE_PAID / PLACEMENTS / len(_AREAS))
    return {
        "format": "dongne-instance/1",
        "round": f"bench-{applications}",
        "seed": "20241120",
        "policy": _policy(),
        "areas": [{"id": area, "budget_krw": budget} for area in _AREAS],
        "products": products,
        "institutions": institutions,
        "applications": rows,
    }


def _draw_product(draw: random.Random, product: str) -> dict[str, Any]:
    return {
        "id": product,
        "area": draw.choice(_AREAS),
        "price_krw": draw.choice(_PRICES),
        "max_placements": PLACEMENTS,
        "order": [draw.randrange(3), draw.randrange(-5, 1), draw.randrange(20)],
        "seats": draw.choice(_SEATS),
        "preassigned": [],
    }


def _draw_application(draw: random.Random, institution: str, product: str) -> dict[str, Any]:
    eligible = draw.random() >= 0.05
    return {
        "institution": institution,
        "product": product,
        "eligible": eligible,
        "ineligible_reason": None if eligible else "already piloted",
        "keys": {
            "residence_tier": draw.choice((0, 1, 2, 2, 3, 3, 3)),
            "designator": draw.choice((0, 1, 1, 1)),
            "review_rank": draw.choice((1, 2, 3, 4, 5, _NOT_RANKED, _NOT_RANKED)),
            "category_rank": draw.choice((1, 2, 3, _NOT_RANKED)),
            "earlier_placements": draw.choice((0, 0, 0, 1, 2)),
            "distance_m": draw.randrange(1, 300) * 1000,
        },
    }


def _policy() -> dict[str, Any]:
    last = ["earlier_placements", "distance_m"]
    return {
        "funding": "breadth_first",
        "product_budget_cap_krw": 300_000_000,
        "group_budget_cap_krw": None,
        "seat_precedence": ["open", "designator", "residence"],
        "seat_priority": {
            "open": ["review_rank", "category_rank", *last],
            "designator": ["designator", "review_rank", *last],
            "residence": ["residence_tier", "review_rank", "category_rank", *last],
        },
        "reallocate_unclaimed": True,
        "preassigned_uses_capacity": False,
    }
