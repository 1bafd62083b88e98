"""The order in which seat types choose weighs as much as the published H-1B figures say."""

from __future__ import annotations

import json

import pytest

from geo.matching import parse_instance, solve
from tests.geo.matching.rounds import a_product, a_round, an_application, an_institution


@pytest.fixture
def record(truth):
    return json.loads((truth / "precedence_h1b.json").read_text("utf-8"))


def count_members(case, record, precedence, *, redrawn, shrink):
    """Place open and reserved seats among members A and others B; count the A placed.

    Draws are spread evenly, so that every stretch of the order holds A and B in proportion. A
    redrawn open list is even among those whom the reserve leaves.
    """
    members, others = case["A"] // shrink, case["B"] // shrink
    reserve = record["reserve_seats"] // shrink
    seats = reserve + record["open_seats"] // shrink
    left = members - reserve if redrawn else members
    first = members - left
    applications = []
    for at in range(members):
        draw = (2 * (at - first) + 1) * others if at >= first else 0
        applications.append(an_application(f"A{at}", "P", outsider=0, early=at, draw=draw))
    for at in range(others):
        draw = (2 * at + 1) * left
        applications.append(an_application(f"B{at}", "P", outsider=1, early=at, draw=draw))
    document = a_round(
        [a_product("P", max_placements=seats, seats={"member": reserve})],
        [an_institution(row["institution"], "P") for row in applications],
        applications,
        budget_krw=seats,
        seat_precedence=precedence,
        seat_priority={"open": ["draw"], "member": ["outsider", "early"]},
    )
    (product,) = solve(parse_instance(document)).products
    assert product.placed == seats
    return sum(seat.institution.startswith("A") for seat in product.seats)


ORDERS = [
    (["open", "member"], False, "open_first"),
    (["member", "open"], True, "reserve_first_independent_draws"),
    (["member", "open"], False, "reserve_first_single_order"),
]


@pytest.mark.parametrize(("precedence", "redrawn", "name"), ORDERS)
def test_a_tenth_of_the_2018_lottery_has_a_tenth_of_its_results(record, precedence, redrawn, name):
    case = record["cases"][0]
    placed = count_members(case, record, precedence, redrawn=redrawn, shrink=10)
    assert placed == pytest.approx(case["computed_exact"][name]["A"] / 10, abs=1)


@pytest.mark.heavy
@pytest.mark.parametrize(("precedence", "redrawn", "name"), ORDERS)
def test_the_2018_lottery_has_its_exact_results(record, precedence, redrawn, name):
    case = record["cases"][0]
    placed = count_members(case, record, precedence, redrawn=redrawn, shrink=1)
    assert placed == pytest.approx(case["computed_exact"][name]["A"], abs=1)


def test_reversing_the_order_wins_what_the_rule_of_2019_estimated(record):
    case = record["cases"][1]
    after = count_members(case, record, ["open", "member"], redrawn=False, shrink=10)
    before = count_members(case, record, ["member", "open"], redrawn=True, shrink=10)
    expected = case["expected_published"]["increase_open_first_over_reserve_first_independent"]
    assert after - before == pytest.approx(expected / 10, abs=1)
