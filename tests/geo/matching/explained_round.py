"""A round with names in which every reason occurs, for the sentences in both languages."""

from __future__ import annotations

from functools import cache

from geo.matching import Explainer, parse_instance, solve
from tests.geo.matching.rounds import Document

_PRIORITY = {
    "open": ["review_rank", "category_rank", "earlier_placements", "distance_m"],
    "residence": [
        "residence_tier",
        "review_rank",
        "category_rank",
        "earlier_placements",
        "distance_m",
    ],
}
_NAMES = {
    "clinic": ("성동구 보건소", "Seongdong clinic"),
    "office": ("중구청", "Jung-gu office"),
    "fire": ("부산소방서", "Busan fire station"),
    "police": ("마포경찰서", "Mapo police"),
    "city": ("수원시", "Suwon city"),
    "lamp": ("스마트 가로등", "Smart lamp"),
    "drone": ("순찰 드론", "Patrol drone"),
    "boat": ("청소선", "Cleaning boat"),
    "gate": ("차수막", "Flood gate"),
    "robot": ("안내 로봇", "Guide robot"),
    "sensor": ("누수 센서", "Leak sensor"),
    "kiosk": ("안내 단말기", "Kiosk"),
}
# Tier, review rank, category rank, earlier placements, metres.
_APPLICATIONS = {
    ("clinic", "lamp"): (0, 2, 3, 0, 1000),
    ("clinic", "drone"): (2, 1, 1, 0, 5000),
    ("office", "lamp"): (0, 5, 3, 0, 2000),
    ("office", "drone"): (1, 1, 1, 0, 3000),
    ("fire", "lamp"): (2, 1000000, 3, 1, 40000),
    ("fire", "gate"): (1, 1, 1, 0, 3000),
    ("fire", "robot"): (1, 1, 1, 0, 3000),
    ("fire", "sensor"): (1, 1, 1, 0, 3000),
    ("fire", "drone"): (3, 1, 1, 0, 9000),
    ("police", "kiosk"): (1, 1, 1, 0, 3000),
    ("city", "boat"): (1, 1, 1, 0, 3000),
}
_RANKINGS = {
    "clinic": ["lamp", "drone"],
    "office": ["drone", "lamp"],
    "fire": ["lamp", "gate", "robot", "sensor", "drone"],
    "police": ["kiosk"],
    "city": ["boat"],
}
_PRODUCTS = {
    "lamp": {"order": [0], "seats": {"residence": "all"}},
    "drone": {"order": [1], "price_krw": 100_000_000},
    "gate": {"order": [2], "price_krw": 400_000_000, "max_placements": 5},
    "robot": {"order": [3], "cap_group": "robots"},
    "sensor": {"order": [4], "price_krw": 90_000_000},
    "boat": {"order": [5], "price_krw": 20_000_000},
    "kiosk": {"order": [9], "price_krw": 20_000_000, "preassigned": ["city"]},
}


def document() -> Document:
    """Write the round; the police apply for a product whose only placement is fixed."""
    return {
        "format": "dongne-instance/1",
        "round": "2024-1",
        "seed": "7",
        "policy": {
            "funding": "breadth_first",
            "product_budget_cap_krw": 300_000_000,
            "group_budget_cap_krw": 50_000_000,
            "seat_precedence": ["open", "residence"],
            "seat_priority": _PRIORITY,
            "reallocate_unclaimed": True,
            "preassigned_uses_capacity": True,
        },
        "areas": [
            {
                "id": "citizen",
                "budget_krw": 260_000_000,
                "name": {"ko": "생활 공공서비스", "en": "citizens' services"},
            }
        ],
        "products": [
            {
                "id": key,
                "area": "citizen",
                "price_krw": 60_000_000,
                "max_placements": 1,
                "seats": {},
                "preassigned": [],
                "name": _name(key),
            }
            | changes
            for key, changes in _PRODUCTS.items()
        ],
        "institutions": [
            {"id": key, "capacity": 1, "ranking": ranking, "name": _name(key)}
            for key, ranking in _RANKINGS.items()
        ],
        "applications": [
            {
                "institution": institution,
                "product": product,
                "eligible": (institution, product) != ("office", "lamp"),
                "ineligible_reason": None
                if (institution, product) != ("office", "lamp")
                else "국비 중복 지원 제한",
                "keys": dict(zip(_PRIORITY["residence"], keys, strict=True)),
            }
            for (institution, product), keys in _APPLICATIONS.items()
        ],
    }


def _name(key: str) -> dict[str, str]:
    ko, en = _NAMES[key]
    return {"ko": ko, "en": en}


@cache
def explainer() -> Explainer:
    """Solve the round once."""
    instance = parse_instance(document())
    return Explainer(instance, solve(instance))
