"""Random small rounds for hypothesis, as documents of the instance format."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.geo.matching.rounds import Document

KEYS = ("a", "b", "c")
TYPES = ("open", "x", "y")
SEATS = ({}, {"x": "all"}, {"x": 1}, {"x": 1, "y": "all"}, {"x": 2, "y": 1})


@st.composite
def rounds(draw: st.DrawFn, **policy: Any) -> Document:
    """Draw a round; areas can always pay what is pre-assigned, so that none is refused."""
    product_ids = [f"P{at}" for at in range(draw(st.integers(1, 4)))]
    institution_ids = [f"I{at}" for at in range(draw(st.integers(1, 5)))]
    products = [draw(_products(key, institution_ids)) for key in product_ids]
    fixed = {row["id"]: set(row["preassigned"]) for row in products}
    institutions = []
    applications = []
    for key in institution_ids:
        free = [product for product in product_ids if key not in fixed[product]]
        ranking = draw(st.lists(st.sampled_from(free), unique=True)) if free else []
        capacity = draw(st.sampled_from([1, 1, 2]))
        institutions.append({"id": key, "capacity": capacity, "ranking": ranking})
        applications += [draw(_applications(key, product)) for product in ranking]
    return {
        "format": "dongne-instance/1",
        "round": "random",
        "seed": draw(st.sampled_from(["1", "2", "3"])),
        "policy": draw(_policies()) | policy,
        "areas": [
            {"id": "A", "budget_krw": 12 + draw(st.integers(0, 12))},
            {"id": "B", "budget_krw": 12 + draw(st.integers(0, 6))},
        ],
        "products": products,
        "institutions": institutions,
        "applications": applications,
    }


@st.composite
def _policies(draw: st.DrawFn) -> Document:
    return {
        "funding": draw(st.sampled_from(["breadth_first", "depth_first"])),
        "product_budget_cap_krw": draw(st.sampled_from([None, 3, 9])),
        "group_budget_cap_krw": draw(st.sampled_from([None, 12, 20])),
        "seat_precedence": draw(st.permutations(TYPES)),
        "seat_priority": {
            kind: draw(st.lists(st.sampled_from(KEYS), unique=True, max_size=2)) for kind in TYPES
        },
        "reallocate_unclaimed": draw(st.booleans()),
        "preassigned_uses_capacity": draw(st.booleans()),
    }


@st.composite
def _products(draw: st.DrawFn, key: str, institution_ids: list[str]) -> Document:
    row = {
        "id": key,
        "area": draw(st.sampled_from("AB")),
        "price_krw": draw(st.integers(1, 5)),
        "max_placements": draw(st.integers(0, 4)),
        "order": draw(st.lists(st.integers(-1, 1), max_size=2)),
        "seats": dict(draw(st.sampled_from(SEATS))),
        "preassigned": [],
        "cap_group": draw(st.sampled_from([None, "g"])),
    }
    if row["price_krw"] <= 3 and row["max_placements"] and draw(st.integers(0, 3)) == 0:
        row["preassigned"] = [draw(st.sampled_from(institution_ids))]
    return row


@st.composite
def _applications(draw: st.DrawFn, institution: str, product: str) -> Document:
    eligible = draw(st.integers(0, 9)) > 0
    return {
        "institution": institution,
        "product": product,
        "eligible": eligible,
        "ineligible_reason": None if eligible else "no",
        "keys": {key: draw(st.integers(0, 2)) for key in KEYS},
    }
