"""The sums over a plan, against numbers that were added up by hand."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.fairness.sums import (
    Award,
    NearMiss,
    Nearness,
    Request,
    Sums,
    list_asked,
    list_awards,
    list_near_misses,
    measure_concentration,
    measure_nearness,
    per_people,
    share,
    sum_by,
    sum_people,
)

INSTANCE = {
    "products": [{"id": "P1", "price_krw": 60_000_001}, {"id": "P2", "price_krw": 40_000_000}]
}


def request(
    institution: str, product: str = "P1", tier: int | None = None, emd_code: str | None = None
) -> Request:
    """Return a request of a health centre."""
    return Request(institution, product, emd_code, None, "health_centre", tier)


def outcome(institution: str, product: str, reason: str, **more: Any) -> dict[str, Any]:
    """Return an outcome as a plan has it."""
    seat = {"awarded": "open", "preassigned": "preassigned"}.get(reason)
    row = {"institution": institution, "product": product, "reason": reason, "seat": seat}
    return {**row, "detail": more}


REQUESTS = {
    ("A", "P1"): request("A", tier=0, emd_code="11140103"),
    ("B", "P1"): request("B", tier=2, emd_code="11170101"),
    ("B", "P2"): request("B", "P2", emd_code="11170101"),
    ("C", "P2"): request("C", "P2"),
}
PLAN = {
    "outcomes": [
        outcome("A", "P1", "awarded"),
        outcome("B", "P1", "got_higher_choice"),
        outcome("B", "P2", "awarded"),
        outcome("C", "P2", "preassigned"),
    ]
}


def test_awards_are_what_holds_a_seat_with_its_price() -> None:
    found = [
        (award.request.institution, award.price_krw)
        for award in list_awards(INSTANCE, PLAN, REQUESTS)
    ]
    assert found == [("A", 60_000_001), ("B", 40_000_000), ("C", 40_000_000)]


def test_a_fixed_placement_is_no_application() -> None:
    assert [one.institution for one in list_asked(PLAN, REQUESTS)] == ["A", "B", "B"]


def test_sums_by_sido_hold_placements_money_and_applications() -> None:
    found = sum_by(
        lambda one: one.emd_code and one.emd_code[:2],
        list_awards(INSTANCE, PLAN, REQUESTS),
        list_asked(PLAN, REQUESTS),
    )
    assert found == {"11": Sums(2, 100_000_001, 3), None: Sums(1, 40_000_000, 0)}


def test_concentration_is_that_of_the_money() -> None:
    found = measure_concentration(
        [Award(request("A"), 60), Award(request("B"), 20), Award(request("B"), 20)]
    )
    assert (found.institutions, found.largest, found.largest_amount_krw) == (2, "A", 60)
    assert found.largest_share == 0.6
    # 60 % and 40 %: 3,600 + 1,600.
    assert found.hhi == 5200


def test_among_equals_the_first_by_id_is_named() -> None:
    assert measure_concentration([Award(request("B"), 5), Award(request("A"), 5)]).largest == "A"


def test_nothing_placed_is_no_concentration() -> None:
    assert measure_concentration([]).hhi is None


@given(st.lists(st.tuples(st.sampled_from("ABCDE"), st.integers(1, 10**13)), min_size=1))
def test_the_index_lies_between_equal_parts_and_a_monopoly(held: list[tuple[str, int]]) -> None:
    found = measure_concentration([Award(request(who), krw) for who, krw in held])
    assert found.hhi is not None
    assert 10_000 // found.institutions <= found.hhi + 1
    assert found.hhi <= 10_000


def test_nearness_counts_tiers_and_leaves_out_what_answers_nobody() -> None:
    tiers = (0, 0, 1, 3, None, None)
    found = measure_nearness([request("A", tier=tier) for tier in tiers])
    assert found == Nearness((2, 1, 0, 1))
    assert [found.share_within(tier) for tier in range(4)] == [0.5, 0.75, 0.75, 1.0]
    assert measure_nearness([]).share_within(0) is None


@pytest.mark.parametrize(
    ("key", "applicant", "holder", "kind"),
    [
        ("residence_tier", 1, 0, "step"),
        ("residence_tier", 2, 0, None),
        ("review_rank", 4, 3, "step"),
        ("review_rank", 1_000_000, 3, None),
        ("distance_m", 3000, 2000, "step"),
        ("distance_m", 4000, 2000, None),
    ],
)
def test_a_near_miss_is_one_step_of_the_key_that_decided(
    key: str, applicant: int, holder: int, kind: str | None
) -> None:
    detail = {"type": "residence", "key": key, "applicant": applicant, "holder": holder}
    found = list_near_misses({"outcomes": [outcome("A", "P1", "below_cutoff", **detail)]})
    assert [one.kind for one in found] == ([kind] if kind else [])


def test_a_lot_that_was_lost_is_a_near_miss_whose_numbers_say_nothing() -> None:
    detail = {"type": "open", "key": "ticket", "applicant": "f0", "holder": "0a"}
    found = list_near_misses({"outcomes": [outcome("A", "P1", "below_cutoff", **detail)]})
    assert found == [NearMiss("A", "P1", "lot", "open", "ticket", None, None)]


def test_shares_and_rates_are_rounded_once() -> None:
    assert (share(1, 3), share(0, 5), share(0, 0)) == (0.3333, 0.0, None)
    assert per_people(3, 129_968) == 2.31
    assert (per_people(3, None), per_people(3, 0)) == (None, None)


def test_people_of_a_province_are_known_when_all_its_parts_are() -> None:
    figures = {"11110": 5, "11140": 7}
    assert sum_people(figures, ["11110", "11140"]) == 12
    assert sum_people(figures, ["11110", "11170"]) is None
    assert sum_people(figures, []) is None
