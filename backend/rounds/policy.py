"""Owns the default rules of a round as data, and what of them the engine reads."""

from collections.abc import Iterable, Mapping
from copy import deepcopy
from typing import Any

NOT_RANKED = 1_000_000
"""What stands for a proposal or category that a local government did not rank."""

KEY_NAMES: Mapping[str, Mapping[str, str]] = {
    "residence_tier": {"ko": "거주지 근접도", "en": "nearness to the proposer's home"},
    "designator": {
        "ko": "연구개발 지방자치단체 소속 여부",
        "en": "belonging to the local government that developed the product",
    },
    "review_rank": {
        "ko": "지방자치단체의 제안 순위",
        "en": "the local government's rank of the proposal",
    },
    "category_rank": {
        "ko": "지방자치단체의 분야 순위",
        "en": "the local government's rank of the category",
    },
    "earlier_placements": {"ko": "이전 배정 건수", "en": "earlier placements"},
    "distance_m": {"ko": "거리", "en": "distance"},
    "pledge": {"ko": "후속 구매 약속", "en": "a pledge to buy after the trial"},
    "reporting": {"ko": "이전 결과보고 이행", "en": "the record of reporting on earlier trials"},
    "rural": {"ko": "읍·면 지역 여부", "en": "a site in a rural eup or myeon"},
}
"""Every key that an application has; a round's priorities choose among them. Lower is better.

The names read well inside the sentences of `geo.matching.explain`, which use them.
"""

DEFAULT_POLICY: Mapping[str, Any] = {
    "funding": "breadth_first",
    "product_budget_cap_krw": 300_000_000,
    "group_budget_cap_krw": None,
    "seat_precedence": ["open", "designator", "residence"],
    "seat_priority": {
        "open": ["review_rank", "category_rank", "earlier_placements", "distance_m"],
        "designator": ["designator", "review_rank", "earlier_placements", "distance_m"],
        "residence": [
            "residence_tier",
            "review_rank",
            "category_rank",
            "earlier_placements",
            "distance_m",
        ],
    },
    "reallocate_unclaimed": True,
    "preassigned_uses_capacity": False,
    "key_names": {key: dict(names) for key, names in KEY_NAMES.items()},
    "require_confirmed_residence": False,
    "institution_capacity": 1,
    "exclude_piloted": True,
    "piloted_exempt_areas": ["overseas"],
    "policy_demands": {},
    "objection_days": 30,
    "objection_decision_days": 14,
}
"""Defaults, not official rules: no official table of priorities was found."""

OURS = frozenset(
    {
        "require_confirmed_residence",
        "institution_capacity",
        "exclude_piloted",
        "piloted_exempt_areas",
        "policy_demands",
        "objection_days",
        "objection_decision_days",
    }
)
"""What the domains read themselves; the rest is the engine's policy as it stands."""

DEFAULT_MAX_PLACEMENTS = 5
"""Institutions per product at most, as in the rule of 2021."""


def complete(given: Mapping[str, Any], base: Mapping[str, Any] = DEFAULT_POLICY) -> dict[str, Any]:
    """Return a whole policy: what is given, and the base for the rest."""
    return deepcopy({**base, **given})


def setting(policy: Mapping[str, Any], name: str) -> Any:
    """Return one rule of a policy; the default where it was stored before there was the rule."""
    return policy.get(name, DEFAULT_POLICY[name])


def demand_weight(policy: Mapping[str, Any], demands: Iterable[str]) -> int:
    """Return the sum of the weights that a policy gives to ministries' demands.

    :param demands: keys of the policy's ``policy_demands``.
    """
    weights = setting(policy, "policy_demands")
    return sum(weights[demand]["weight"] for demand in demands)


def for_engine(policy: Mapping[str, Any]) -> dict[str, Any]:
    """Return the part of a round's policy that the engine reads."""
    return {name: value for name, value in policy.items() if name not in OURS}


def default_seats(*, answers_proposals: bool, is_local_rnd: bool) -> dict[str, Any]:
    """Return the seats that a kind of product gets when the officer names none."""
    seats: dict[str, Any] = {}
    if is_local_rnd:
        seats["designator"] = 1
    if answers_proposals:
        seats["residence"] = "all"
    return seats
