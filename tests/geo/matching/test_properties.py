"""What holds for every round: the plan is proven, nothing is wasted, passes hurt nobody."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from geo.matching import parse_instance, solve, verify
from tests.geo.matching.strategies import rounds


@settings(max_examples=300, deadline=None)
@given(rounds())
def test_every_plan_of_the_solver_is_proven_by_the_verifier(document):
    instance = parse_instance(document)
    assert verify(instance, solve(instance)) == []


@given(rounds(reallocate_unclaimed=True))
def test_reallocation_ends_with_nothing_unclaimed(document):
    plan = solve(parse_instance(document))
    assert all(row.funded == row.placed for row in plan.products)


@settings(max_examples=100, deadline=None)
@given(rounds(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_no_byte(document, draw):
    expected = solve(parse_instance(document)).dumps()
    for table in ("areas", "products", "institutions", "applications"):
        draw.shuffle(document[table])
    for product in document["products"]:
        draw.shuffle(product["preassigned"])
    assert solve(parse_instance(document)).dumps() == expected


@given(rounds(group_budget_cap_krw=None, product_budget_cap_krw=None))
def test_no_money_is_left_for_a_placement_that_somebody_prefers(document):
    plan = solve(parse_instance(document))
    left = {row.id: row.remaining_krw for row in plan.areas}
    results = {row.id: row for row in plan.products}
    refused = {row.product for row in plan.outcomes if row.reason == "below_cutoff"}
    refused |= {row.product for row in plan.outcomes if row.reason == "not_funded"}
    for row in document["products"]:
        if row["id"] in refused and results[row["id"]].funded < row["max_placements"]:
            assert row["price_krw"] > left[row["area"]]


@settings(deadline=None)
@given(rounds(reallocate_unclaimed=True))
def test_nobody_loses_by_reallocation(document):
    before = solve(parse_instance(document | {"policy": without_reallocation(document)}))
    after = solve(parse_instance(document))
    for row in document["institutions"]:
        assert standing(row, after) <= standing(row, before)


def without_reallocation(document):
    return document["policy"] | {"reallocate_unclaimed": False}


def standing(institution, plan):
    """Places in the ranking of what is held, worst last; a vacancy counts as below all."""
    held = [
        institution["ranking"].index(row.product)
        for row in plan.outcomes
        if row.institution == institution["id"] and row.reason == "awarded"
    ]
    vacant = [len(institution["ranking"])] * (institution["capacity"] - len(held))
    return sorted(held) + vacant


@given(rounds())
def test_areas_never_spend_more_than_they_have(document):
    plan = solve(parse_instance(document))
    price = {row["id"]: row["price_krw"] for row in document["products"]}
    area = {row["id"]: row["area"] for row in document["products"]}
    for row in plan.areas:
        cost = sum(price[p.id] * p.funded for p in plan.products if area[p.id] == row.id)
        assert row.spent_krw == cost <= row.budget_krw
        assert row.remaining_krw == row.budget_krw - cost
