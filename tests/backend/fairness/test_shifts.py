"""Who gains and who loses between two plans, counted out by hand."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from backend.fairness.shifts import Shift, list_shifts


def documents(
    rankings: dict[str, list[str]], held: dict[str, list[str]], capacity: int = 1
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return an instance and a plan of institutions with rankings and what they hold."""
    instance = {
        "institutions": [
            {"id": key, "capacity": capacity, "ranking": ranking}
            for key, ranking in rankings.items()
        ]
    }
    outcomes = [
        {"institution": key, "product": product, "reason": "awarded"}
        for key, products in held.items()
        for product in products
    ]
    return instance, {"outcomes": outcomes}


RANKINGS = {"A": ["x", "y", "z"], "B": ["x", "y"], "C": ["x"]}


def test_a_swap_costs_one_what_it_brings_the_other() -> None:
    first = documents(RANKINGS, {"A": ["x"], "B": ["y"]})
    other = documents(RANKINGS, {"A": ["y"], "B": ["x"]})
    assert list_shifts(first, other) == [Shift("A", -1, (1,), (2,)), Shift("B", 1, (2,), (1,))]


def test_nothing_counts_as_the_place_after_the_last_wish() -> None:
    first = documents(RANKINGS, {"A": ["x"]})
    other = documents(RANKINGS, {"C": ["x"]})
    assert list_shifts(first, other) == [Shift("A", -3, (1,), ()), Shift("C", 1, (), (1,))]


def test_whoever_keeps_what_it_had_does_not_shift() -> None:
    first = documents(RANKINGS, {"B": ["y"]})
    assert list_shifts(first, first) == []


def test_a_second_product_is_a_gain_from_nothing() -> None:
    first = documents(RANKINGS, {"A": ["x"]}, capacity=1)
    other = documents(RANKINGS, {"A": ["x", "z"]}, capacity=2)
    # The second place: from the fourth, which is none, to the third.
    assert list_shifts(first, other) == [Shift("A", 1, (1,), (1, 3))]


def test_fixed_placements_are_no_wish_that_came_true() -> None:
    first, plan = documents(RANKINGS, {})
    plan["outcomes"].append({"institution": "A", "product": "f", "reason": "preassigned"})
    assert list_shifts((first, plan), documents(RANKINGS, {})) == []


@given(st.data())
def test_turning_the_comparison_round_turns_every_sign(data: st.DataObject) -> None:
    def held() -> dict[str, list[str]]:
        return {
            key: data.draw(st.lists(st.sampled_from(ranking), max_size=1))
            for key, ranking in RANKINGS.items()
        }

    first, other = documents(RANKINGS, held()), documents(RANKINGS, held())
    there = {shift.institution: shift.places for shift in list_shifts(first, other)}
    back = {shift.institution: -shift.places for shift in list_shifts(other, first)}
    assert there == back
