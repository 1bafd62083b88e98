"""Small rounds for the tests, as documents of the instance format; computes nothing of a result."""

from __future__ import annotations

from typing import Any

Document = dict[str, Any]


def a_policy(**changes: Any) -> Document:
    """A policy with one seat type, `open`, that compares `rank`."""
    return {
        "funding": "breadth_first",
        "product_budget_cap_krw": None,
        "seat_precedence": ["open"],
        "seat_priority": {"open": ["rank"]},
        "reallocate_unclaimed": True,
        "preassigned_uses_capacity": False,
    } | changes


def a_product(product: str, **changes: Any) -> Document:
    """A product of area A that costs 1 and is placed once at most."""
    return {
        "id": product,
        "area": "A",
        "price_krw": 1,
        "max_placements": 1,
        "order": [],
        "seats": {},
        "preassigned": [],
    } | changes


def an_institution(institution: str, *ranking: str, **changes: Any) -> Document:
    """An institution that takes one product."""
    return {"id": institution, "capacity": 1, "ranking": list(ranking)} | changes


def an_application(institution: str, product: str, **keys: int) -> Document:
    """An eligible application."""
    return {
        "institution": institution,
        "product": product,
        "eligible": True,
        "ineligible_reason": None,
        "keys": keys,
    }


def a_round(
    products: list[Document],
    institutions: list[Document],
    applications: list[Document],
    *,
    budget_krw: int = 1000,
    **policy: Any,
) -> Document:
    """A round with one area, A."""
    return {
        "format": "dongne-instance/1",
        "round": "2024-1",
        "seed": "7",
        "policy": a_policy(**policy),
        "areas": [{"id": "A", "budget_krw": budget_krw}],
        "products": products,
        "institutions": institutions,
        "applications": applications,
    }


def a_contest(ranks: dict[str, int], **product: Any) -> Document:
    """A round in which institutions with these ranks ask for the one product P."""
    return a_round(
        [a_product("P", **product)],
        [an_institution(institution, "P") for institution in ranks],
        [an_application(institution, "P", rank=rank) for institution, rank in ranks.items()],
    )


def by_rankings(
    rankings: list[list[int]],
    priorities: list[list[int]],
    placements: list[int],
    capacities: list[int] | None = None,
) -> Document:
    """A textbook market: 1-based preference lists, price 1, one open seat type, money enough.

    Whoever a product does not list is not acceptable to it.
    """
    institutions = []
    applications = []
    for at, ranking in enumerate(rankings):
        name = f"I{at + 1}"
        capacity = capacities[at] if capacities else 1
        institutions.append(
            an_institution(name, *[f"P{product}" for product in ranking], capacity=capacity)
        )
        for product in ranking:
            listed = priorities[product - 1]
            row = an_application(name, f"P{product}", rank=0)
            if at + 1 in listed:
                row["keys"]["rank"] = listed.index(at + 1)
            else:
                row |= {"eligible": False, "ineligible_reason": "not acceptable"}
            applications.append(row)
    products = [
        a_product(f"P{at + 1}", max_placements=number) for at, number in enumerate(placements)
    ]
    return a_round(products, institutions, applications)


def holders(plan: Document) -> dict[str, set[str]]:
    """Read from a plan who holds what."""
    return {row["id"]: {seat["institution"] for seat in row["seats"]} for row in plan["products"]}


def outcome(plan: Document, institution: str, product: str) -> Document:
    """Read one outcome from a plan."""
    return next(
        row
        for row in plan["outcomes"]
        if (row["institution"], row["product"]) == (institution, product)
    )
