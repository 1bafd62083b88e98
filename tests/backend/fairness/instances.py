"""Owns a small instance, counted out by hand, for what other rules would have done."""

from typing import Any

from geo.matching import Instance, parse_instance

PRICE_KRW = 100


def make_document() -> dict[str, Any]:
    """Return an instance with money for one bell and one lamp.

    `A` is the proposer's neighbour and ranked last by its local government, `B` is ranked first and
    far away. Both want the bell before the lamp; `C` wants the lamp only, behind both.
    """
    keys = {"A": (0, 9, 0), "B": (3, 1, 0), "C": (3, 99, 0)}
    rankings = {"A": ["bell", "lamp"], "B": ["bell", "lamp"], "C": ["lamp"]}
    return {
        "format": "dongne-instance/1",
        "round": "2026-1",
        "seed": "hand",
        "policy": {
            "funding": "breadth_first",
            "product_budget_cap_krw": None,
            "group_budget_cap_krw": None,
            "seat_precedence": ["open", "residence"],
            "seat_priority": {
                "open": ["review_rank", "distance_m"],
                "residence": ["residence_tier", "review_rank"],
            },
            "reallocate_unclaimed": True,
            "preassigned_uses_capacity": False,
        },
        "areas": [{"id": "citizen", "budget_krw": 2 * PRICE_KRW, "name": _both("citizen")}],
        "products": [
            _product("bell", order=0, seats={"residence": "all"}),
            _product("lamp", order=1, seats={}),
        ],
        "institutions": [
            {"id": key, "capacity": 1, "ranking": ranking, "name": _both(key)}
            for key, ranking in rankings.items()
        ],
        "applications": [
            {
                "institution": key,
                "product": product,
                "eligible": True,
                "ineligible_reason": None,
                "keys": dict(
                    zip(("residence_tier", "review_rank", "distance_m"), keys[key], strict=True)
                ),
            }
            for key, ranking in rankings.items()
            for product in ranking
        ],
    }


def make_instance() -> Instance:
    """Return the instance of `make_document`."""
    return parse_instance(make_document())


def holders(plan: Any) -> dict[str, list[str]]:
    """Return who holds each product of a plan."""
    return {row.id: [seat.institution for seat in row.seats] for row in plan.products}


def _product(key: str, *, order: int, seats: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": key,
        "area": "citizen",
        "price_krw": PRICE_KRW,
        "max_placements": 1,
        "order": [order],
        "seats": seats,
        "preassigned": [],
        "cap_group": None,
        "name": _both(key),
    }


def _both(name: str) -> dict[str, str]:
    return {"ko": name, "en": name}
