"""Money becomes placements in the published order, and what nobody claims is given out again."""

from __future__ import annotations

import pytest

from geo.matching import parse_instance, solve
from tests.geo.matching.rounds import a_product, a_round, an_application, an_institution


def fund(products, *, applicants=3, **policy):
    """Fund products that more institutions want than can have them."""
    names = [f"I{at}" for at in range(applicants)]
    keys = [row["id"] for row in products]
    document = a_round(
        products,
        [an_institution(name, *keys, capacity=len(keys)) for name in names],
        [an_application(name, key, rank=at) for at, name in enumerate(names) for key in keys],
        **policy,
    )
    return {row.id: row.funded for row in solve(parse_instance(document)).products}


def product(key, price_krw, order, **changes):
    return a_product(key, **{"price_krw": price_krw, "order": order, "max_placements": 3} | changes)


def test_breadth_first_gives_everyone_one_before_anyone_two():
    products = [product("A1", 2, [0]), product("A2", 2, [1])]
    assert fund(products, budget_krw=6) == {"A1": 2, "A2": 1}


def test_depth_first_takes_a_product_to_its_cap_before_the_next():
    products = [product("A1", 2, [0]), product("A2", 2, [1])]
    assert fund(products, budget_krw=6, funding="depth_first") == {"A1": 3, "A2": 0}


@pytest.mark.parametrize("funding", ["breadth_first", "depth_first"])
def test_what_does_not_fit_is_skipped_and_the_scan_goes_on(funding):
    products = [product("A1", 7, [0]), product("A2", 5, [1]), product("A3", 2, [2])]
    assert fund(products, budget_krw=11, funding=funding) == {"A1": 1, "A2": 0, "A3": 2}


def test_a_shorter_order_comes_before_a_longer_one_that_begins_alike():
    products = [product("A1", 1, [0, -5]), product("A2", 1, [0])]
    assert fund(products, budget_krw=1) == {"A1": 0, "A2": 1}


def test_equal_orders_are_drawn_by_the_ticket():
    # sha256("7:A1") begins with d17a, sha256("7:A2") with 19f2.
    products = [product("A1", 1, [0]), product("A2", 1, [0])]
    assert fund(products, budget_krw=1) == {"A1": 0, "A2": 1}


def test_a_product_takes_no_more_than_its_budget_cap_pays():
    assert fund([product("A1", 4, [0])], product_budget_cap_krw=11) == {"A1": 2}


def test_a_product_takes_no_more_than_its_eligible_applicants():
    assert fund([product("A1", 4, [0])], applicants=2) == {"A1": 2}


def test_products_of_a_group_share_its_cap():
    products = [product("A1", 2, [0], cap_group="g"), product("A2", 2, [1], cap_group="g")]
    assert fund(products, group_budget_cap_krw=7) == {"A1": 2, "A2": 1}


def test_a_preassigned_placement_is_paid_before_the_first_product_in_order():
    late = product("A2", 3, [9], preassigned=["I9"])
    document = a_round(
        [product("A1", 4, [0]), late],
        [an_institution("I1", "A1"), an_institution("I9")],
        [an_application("I1", "A1", rank=0)],
        budget_krw=6,
    )
    plan = solve(parse_instance(document))
    assert {row.id: row.funded for row in plan.products} == {"A1": 0, "A2": 1}
    assert (plan.areas[0].preassigned_krw, plan.areas[0].remaining_krw) == (3, 3)


def the_reallocation_example(**policy):
    """The example of the design: i ranks C > A1 > A2 and j ranks B, in order A1, A2, B, C."""
    prices = {"A1": 1, "A2": 1, "B": 9, "C": 3}
    wishes = {"i": ["C", "A1", "A2"], "j": ["B"]}
    return a_round(
        [
            a_product(key, price_krw=price, order=[at])
            for at, (key, price) in enumerate(prices.items())
        ],
        [an_institution(name, *ranking) for name, ranking in wishes.items()],
        [an_application(name, key, rank=0) for name, ranking in wishes.items() for key in ranking],
        budget_krw=10,
        **policy,
    )


def test_reallocation_keeps_what_was_filled_and_frees_only_the_rest():
    plan = solve(parse_instance(the_reallocation_example()))
    held = {row.id: [seat.institution for seat in row.seats] for row in plan.products}
    assert held == {"A1": [], "A2": [], "B": [], "C": ["i"]}
    assert [record.to_json() for record in plan.pass_log] == [
        {
            "pass": 1,
            "funded": {"A1": 1, "A2": 1, "B": 0, "C": 1},
            "filled": {"A1": 0, "A2": 0, "B": 0, "C": 1},
        },
        {
            "pass": 2,
            "funded": {"A1": 0, "A2": 0, "B": 0, "C": 1},
            "filled": {"A1": 0, "A2": 0, "B": 0, "C": 1},
        },
    ]


def test_freed_money_pays_for_what_somebody_wants_more():
    document = the_reallocation_example()
    document["areas"][0]["budget_krw"] = 4
    plan = solve(parse_instance(document))
    assert [dict(record.filled) for record in plan.pass_log] == [
        {"A1": 1, "A2": 0, "B": 0, "C": 0},
        {"A1": 0, "A2": 0, "B": 0, "C": 1},
        {"A1": 0, "A2": 0, "B": 0, "C": 1},
    ]


def test_without_reallocation_unclaimed_placements_stay_funded():
    plan = solve(parse_instance(the_reallocation_example(reallocate_unclaimed=False)))
    assert [(row.id, row.funded, row.placed) for row in plan.products] == [
        ("A1", 1, 0),
        ("A2", 1, 0),
        ("B", 0, 0),
        ("C", 1, 1),
    ]
    assert plan.areas[0].spent_krw == 5
