"""Every application is told the first reason that holds, with the facts that decided."""

from __future__ import annotations

import hashlib

import pytest

from geo.matching import parse_instance, solve
from tests.geo.matching.rounds import (
    a_contest,
    a_product,
    a_round,
    an_application,
    an_institution,
    by_rankings,
    outcome,
)


def told(document, institution, product):
    row = outcome(solve(parse_instance(document)).to_json(), institution, product)
    return row["reason"], row["seat"], row["detail"]


def test_a_preassigned_institution_is_told_so():
    document = a_contest({"I1": 1}, preassigned=["I9"], max_placements=2)
    document["institutions"].append(an_institution("I9"))
    assert told(document, "I9", "P") == ("preassigned", "preassigned", {})


def test_a_winner_is_told_its_seat():
    assert told(a_contest({"I1": 1}), "I1", "P") == ("awarded", "open", {})


def test_an_ineligible_application_is_told_the_rule():
    document = a_contest({"I1": 1, "I2": 2})
    document["applications"][0] |= {"eligible": False, "ineligible_reason": "already piloted"}
    assert told(document, "I1", "P") == ("ineligible", None, {"rule": "already piloted"})


def test_capacity_used_up_beforehand_is_told_with_all_that_was_fixed():
    document = a_contest({"I1": 1})
    document["policy"]["preassigned_uses_capacity"] = True
    document["products"] += [
        a_product("R", preassigned=["I1"]),
        a_product("Q", preassigned=["I1"]),
    ]
    assert told(document, "I1", "P") == ("capacity_used", None, {"products": ["Q", "R"]})


def test_an_ineligible_application_hears_of_the_rule_before_its_capacity():
    document = a_contest({"I1": 1})
    document["policy"]["preassigned_uses_capacity"] = True
    document["products"].append(a_product("Q", preassigned=["I1"]))
    document["applications"][0] |= {"eligible": False, "ineligible_reason": "no"}
    assert told(document, "I1", "P")[0] == "ineligible"


def test_a_higher_choice_is_told_with_everything_received_best_first():
    document = by_rankings([[3, 1, 2]], [[1], [1], [1]], [1, 1, 1], [2])
    assert told(document, "I1", "P2") == ("got_higher_choice", None, {"products": ["P3", "P1"]})


def test_a_higher_choice_is_told_even_where_no_money_was_left():
    document = by_rankings([[1, 2]], [[1], [1]], [1, 1])
    document["products"][1] |= {"price_krw": 5000}
    assert told(document, "I1", "P2")[0] == "got_higher_choice"


def unfunded(expensive, budget_krw=100, applicants=("I1",), **policy):
    """Q is paid first; then P, which the applicants want, cannot be."""
    cheap = a_product("Q", price_krw=70, order=[0], cap_group="g")
    names = [*applicants, "I2"]
    document = a_round(
        [cheap, a_product("P", **{"price_krw": 40, "order": [1], "cap_group": "g"} | expensive)],
        [an_institution(name, "Q" if name == "I2" else "P") for name in names] + FIXED,
        [an_application(name, "Q" if name == "I2" else "P", rank=0) for name in names],
        budget_krw=budget_krw,
        **policy,
    )
    return told(document, "I1", "P")


FIXED = [an_institution("I9")]


def test_a_lack_of_money_is_told_with_price_rest_and_last_product():
    detail = {"cause": "money", "price_krw": 40, "left_krw": 30, "last_funded": "Q"}
    assert unfunded({}) == ("not_funded", None, detail)


def test_a_lack_of_money_that_nobody_else_spent_names_no_last_product():
    detail = {"cause": "money", "price_krw": 40, "left_krw": 10, "last_funded": None}
    assert unfunded({}, budget_krw=10) == ("not_funded", None, detail)


@pytest.mark.parametrize(
    ("product", "policy", "detail"),
    [
        ({"max_placements": 0}, {}, {"cap": "max_placements", "limit": 0}),
        ({"preassigned": ["I9"]}, {}, {"cap": "max_placements", "limit": 1}),
        (
            {"price_krw": 80},
            {"product_budget_cap_krw": 75},
            {"cap": "product_budget_cap_krw", "limit": 75},
        ),
        (
            {},
            {"group_budget_cap_krw": 100},
            {"cap": "group_budget_cap_krw", "limit": 100, "left_krw": 30},
        ),
    ],
)
def test_a_cap_is_told_with_its_limit(product, policy, detail):
    expected = ("not_funded", None, {"cause": "cap"} | detail)
    assert unfunded(product, budget_krw=1000, **policy) == expected


def test_a_cap_is_told_before_a_lack_of_money():
    assert unfunded({"max_placements": 0}, budget_krw=0)[2]["cause"] == "cap"


def test_a_refused_applicant_is_told_the_key_on_which_it_was_worse():
    detail = {"type": "open", "key": "rank", "applicant": 5, "holder": 2}
    assert told(a_contest({"I1": 2, "I2": 5}), "I2", "P") == ("below_cutoff", None, detail)


def test_a_refused_applicant_is_told_the_lots_where_nothing_else_differs():
    lots = {name: hashlib.sha256(f"7:{name}:P".encode()).hexdigest() for name in ("I1", "I2")}
    winner, loser = sorted(lots, key=lots.__getitem__)
    detail = {
        "type": "open",
        "key": "ticket",
        "applicant": lots[loser],
        "holder": lots[winner],
    }
    assert told(a_contest({"I1": 1, "I2": 1}), loser, "P") == ("below_cutoff", None, detail)


def two_types(keys):
    """One open and one near seat; I1 wins the open one, I2 the near one, I3 none."""
    document = a_contest({"I1": 0, "I2": 0, "I3": 0}, max_placements=2, seats={"near": 1})
    document["policy"] |= {
        "seat_precedence": ["open", "near"],
        "seat_priority": {"open": ["a", "b"], "near": ["c", "d"]},
    }
    for row, values in zip(document["applications"], keys, strict=True):
        row["keys"] = dict(zip("abcd", values, strict=True))
    return document


def test_the_seat_type_with_the_longest_equal_beginning_is_told():
    document = two_types([(1, 1, 9, 9), (9, 9, 1, 1), (1, 2, 2, 1)])
    detail = {"type": "open", "key": "b", "applicant": 2, "holder": 1}
    assert told(document, "I3", "P")[2] == detail


def test_of_equal_beginnings_the_later_type_in_precedence_is_told():
    document = two_types([(1, 1, 9, 9), (9, 9, 1, 1), (1, 2, 1, 2)])
    detail = {"type": "near", "key": "d", "applicant": 2, "holder": 1}
    assert told(document, "I3", "P")[2] == detail


def test_cutoffs_are_the_keys_and_lot_of_the_worst_holder_of_each_type():
    document = two_types([(1, 1, 9, 9), (9, 9, 1, 1), (1, 2, 2, 1)])
    lots = {name: hashlib.sha256(f"7:{name}:P".encode()).hexdigest() for name in ("I1", "I2")}
    (product,) = solve(parse_instance(document)).products
    assert product.cutoffs == {
        "open": {"a": 1, "b": 1, "ticket": lots["I1"]},
        "near": {"c": 1, "d": 1, "ticket": lots["I2"]},
    }


def test_a_product_with_unclaimed_placements_has_no_cutoffs():
    document = by_rankings([[1, 2]], [[1], [1]], [1, 1])
    document["policy"]["reallocate_unclaimed"] = False
    plan = solve(parse_instance(document))
    assert [(row.funded, row.placed, bool(row.cutoffs)) for row in plan.products] == [
        (1, 1, True),
        (1, 0, False),
    ]


def test_placements_fixed_beforehand_count_as_funded_and_placed():
    document = a_contest({"I1": 1}, preassigned=["I9"], max_placements=2)
    document["institutions"].append(an_institution("I9"))
    plan = solve(parse_instance(document)).to_json()
    assert (plan["products"][0]["funded"], plan["products"][0]["placed"]) == (2, 2)
    assert plan["products"][0]["seats"] == [
        {"type": "preassigned", "institution": "I9"},
        {"type": "open", "institution": "I1"},
    ]
    assert plan["pass_log"] == [{"pass": 1, "funded": {"P": 2}, "filled": {"P": 2}}]
