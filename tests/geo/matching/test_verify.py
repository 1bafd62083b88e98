"""The verifier names the checks that a changed plan violates, and survives any plan at all."""

from __future__ import annotations

import copy
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.matching import parse_instance, solve, verify
from geo.matching.verify.findings import CHECKS
from tests.geo.matching.rounds import (
    a_product,
    an_application,
    an_institution,
    by_rankings,
    outcome,
)
from tests.geo.matching.strategies import rounds
from tests.geo.matching.test_funding import the_reallocation_example


def a_market():
    """Three institutions, of which I3 gets nothing; P3 is pre-assigned to I4."""
    document = by_rankings([[1, 2], [2, 1], [1, 2], []], [[1, 3, 2], [2, 3, 1]], [1, 1])
    document["products"].append(a_product("P3", preassigned=["I4"]))
    return document


def violated(document, plan):
    return {violation.check for violation in verify(parse_instance(document), plan)}


@pytest.fixture
def document():
    return a_market()


@pytest.fixture
def plan(document):
    return json.loads(solve(parse_instance(document)).dumps())


def test_the_plan_itself_is_proven(document, plan):
    assert violated(document, plan) == set()


def test_two_holders_swapped_are_caught(document, plan):
    first, second = plan["products"][0]["seats"], plan["products"][1]["seats"]
    first[0], second[0] = second[0], first[0]
    assert violated(document, plan) >= {"institution_optimal", "fixed_point", "reason_true"}


def test_a_dropped_placement_is_caught(document, plan):
    plan["products"][0] |= {"seats": [], "placed": 0, "cutoffs": {}}
    found = violated(document, plan)
    assert found >= {"institution_optimal", "fixed_point", "no_wasted_money", "reason_true"}


def test_a_won_added_to_an_area_is_caught(document, plan):
    plan["areas"][0]["spent_krw"] += 1
    assert violated(document, plan) == {"budget"}


def test_another_seed_is_caught(document, plan):
    plan["seed"] = "8"
    assert violated(document, plan) == {"inputs_hash"}


def test_the_plan_of_another_seed_is_caught_where_a_lot_decides(document):
    for row in document["applications"]:
        row["keys"]["rank"] = 0
    plans = {seed: solve(parse_instance(document | {"seed": seed})).dumps() for seed in "12345678"}
    mine = json.loads(plans["7"])
    other = next(
        plan
        for plan in map(json.loads, plans.values())
        if [row["seats"] for row in plan["products"]] != [row["seats"] for row in mine["products"]]
    )
    other["seed"] = "7"
    assert "institution_optimal" in violated(document, other)


@pytest.mark.parametrize("reason", ["got_higher_choice", "not_funded", "ineligible", "awarded"])
def test_a_wrong_reason_is_caught(document, plan, reason):
    outcome(plan, "I3", "P1")["reason"] = reason
    assert violated(document, plan) == {"reason_true"}


@pytest.mark.parametrize(
    ("value", "checks"),
    [
        (2, {"reason_true"}),
        ("1", {"reason_true"}),
        (True, {"format", "outcomes_complete"}),
        (1.0, {"format", "outcomes_complete"}),
    ],
)
def test_a_detail_that_is_not_the_integer_1_is_caught(document, plan, value, checks):
    detail = outcome(plan, "I3", "P1")["detail"]
    assert detail["applicant"] == 1
    detail["applicant"] = value
    assert violated(document, plan) == checks


@pytest.mark.parametrize(("key", "value"), [("rank", 5), ("ticket", "00")])
def test_a_wrong_cutoff_is_caught(document, plan, key, value):
    plan["products"][0]["cutoffs"]["open"][key] = value
    assert violated(document, plan) == {"cutoffs"}


def test_one_more_funded_is_caught(document, plan):
    plan["products"][0]["funded"] += 1
    assert violated(document, plan) >= {"budget", "product_cap", "replay"}


def test_a_missing_outcome_is_caught(document, plan):
    plan["outcomes"].remove(outcome(plan, "I3", "P2"))
    assert violated(document, plan) == {"outcomes_complete"}


def test_the_best_stable_matching_for_the_products_is_caught():
    rankings, priorities = [[1, 2, 3], [2, 3, 1], [3, 1, 2]], [[2, 3, 1], [3, 1, 2], [1, 2, 3]]
    document = by_rankings(rankings, priorities, [1, 1, 1])
    # With institutions that want nothing else, the solver itself gives the products' best.
    forced = by_rankings([[3], [1], [2]], priorities, [1, 1, 1])
    plan = json.loads(solve(parse_instance(document)).dumps())
    other = json.loads(solve(parse_instance(forced)).dumps())
    for row, seats in zip(plan["products"], other["products"], strict=True):
        row["seats"] = seats["seats"]
        row["cutoffs"] = seats["cutoffs"]
    holds = {"I1": "P3", "I2": "P1", "I3": "P2"}
    for row in plan["outcomes"]:
        won = holds[row["institution"]] == row["product"]
        award = {"reason": "awarded", "seat": "open", "detail": {}}
        row.update(award if won else refusal(row))
    assert violated(document, plan) == {"institution_optimal"}


def refusal(row):
    """In that matching everybody holds a last choice, and every product its best applicant."""
    product = ["P1", "P2", "P3"].index(row["product"])
    priorities = [[2, 3, 1], [3, 1, 2], [1, 2, 3]]
    rank = priorities[product].index(int(row["institution"][1]))
    detail = {"type": "open", "key": "rank", "applicant": rank, "holder": 0}
    return {"reason": "below_cutoff", "seat": None, "detail": detail}


def test_a_forged_pass_is_caught():
    document = the_reallocation_example()
    plan = json.loads(solve(parse_instance(document)).dumps())
    plan["pass_log"][0]["filled"]["A1"] = 1
    assert violated(document, plan) == {"replay"}


def test_an_ineligible_holder_is_caught(document, plan):
    document["applications"][0] |= {"eligible": False, "ineligible_reason": "no"}
    assert "eligibility" in violated(document, plan)


def test_a_changed_input_is_caught(document, plan):
    document["areas"][0]["budget_krw"] += 1
    assert violated(document, plan) == {"inputs_hash", "budget"}


def test_a_moved_preassignment_is_caught(document, plan):
    plan["products"][2]["seats"][0]["institution"] = "I3"
    assert violated(document, plan) == {"preassigned"}


@pytest.mark.parametrize("order", [[1, 0, 2], [0, 2, 1], [2, 0, 1]])
def test_fixed_placements_in_another_order_or_after_others_are_caught(document, order):
    document["products"][2] |= {"preassigned": ["I4", "I5"], "max_placements": 3}
    document["institutions"].append(an_institution("I5"))
    document["institutions"][0]["ranking"] = ["P3", *document["institutions"][0]["ranking"]]
    document["applications"].append(an_application("I1", "P3", rank=0))
    plan = json.loads(solve(parse_instance(document)).dumps())
    seats = plan["products"][2]["seats"]
    plan["products"][2]["seats"] = [seats[at] for at in order]
    assert violated(document, plan) == {"preassigned"}


def test_an_institution_with_more_than_it_can_take_is_caught(document, plan):
    plan["products"][1]["seats"] = [{"type": "open", "institution": "I1"}]
    assert "institution_cap" in violated(document, plan)


def test_rows_out_of_order_are_caught(document, plan):
    plan["outcomes"].reverse()
    assert violated(document, plan) == {"format"}


def test_a_violation_reads_as_one_line_with_its_check_first(document, plan):
    plan["areas"][0] |= {"spent_krw": 9, "remaining_krw": 9}
    (violation,) = verify(parse_instance(document), plan)
    assert str(violation) == 'budget: area "A": spent_krw is 3, not 9 (and 1 more)'


@settings(max_examples=60, deadline=None)
@given(rounds())
def test_a_file_is_proven_as_its_content_is(document):
    instance = parse_instance(document)
    file = solve(instance).dumps()
    assert verify(instance, file) == []
    # Other spaces make another file, which is then read.
    spaced = json.dumps(json.loads(file), indent=1).encode()
    assert verify(instance, spaced) == []
    forged = json.loads(file)
    forged["areas"][0]["spent_krw"] += 1
    found = verify(instance, json.dumps(forged).encode())
    assert found == verify(instance, forged)
    assert [violation.check for violation in found] == ["budget"]


def test_a_file_that_is_no_json_or_repeats_a_key_violates_the_format(document, plan):
    file = json.dumps(plan).encode()
    for broken in (file[:-1], file[:-1] + b', "seed": "7"}', b"\xff", b""):
        found = verify(parse_instance(document), broken)
        assert [violation.check for violation in found] == ["format"]


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
)


def list_places(value, found=()):
    """List every container of a document with each of its keys or positions."""
    places = list(found)
    if isinstance(value, dict | list):
        for key in value if isinstance(value, dict) else range(len(value)):
            places.append((value, key))
            places += list_places(value[key])
    return places


@settings(max_examples=200, deadline=None)
@given(rounds(), st.data())
def test_junk_anywhere_in_a_plan_is_reported_and_never_crashes(document, data):
    instance = parse_instance(document)
    plan = json.loads(solve(instance).dumps())
    before = copy.deepcopy(plan)
    container, key = data.draw(st.sampled_from(list_places(plan)))
    container[key] = data.draw(JUNK)
    found = verify(instance, plan)
    assert {violation.check for violation in found} <= set(CHECKS)
    assert bool(found) == (json.dumps(plan) != json.dumps(before))


@given(JUNK)
def test_what_is_no_plan_at_all_violates_the_format(junk):
    found = verify(parse_instance(a_market()), junk)
    assert found[0].check == "format"
