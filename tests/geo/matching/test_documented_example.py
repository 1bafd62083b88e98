"""The example that officials read gives the table that stands below it."""

from __future__ import annotations

import json
import re

import pytest

from bench.matching import limits
from geo.matching import parse_instance, parse_vacancies, solve, succeed, verify
from geo.matching_audit import audit
from tests.geo.matching.conftest import REPOSITORY
from tests.geo.matching.rounds import outcome


@pytest.fixture(scope="module")
def page():
    return (REPOSITORY / "docs" / "matching.md").read_text("utf-8")


@pytest.fixture(scope="module")
def instance(page):
    (block,) = re.findall(r"```json\n(.*?)```", page, re.DOTALL)
    return parse_instance(json.loads(block))


def test_every_outcome_has_the_reason_of_the_table(page, instance):
    table = re.findall(r"^\| (\w+) \| (\w+) \| `(\w+)` \|", page, re.MULTILINE)
    plan = solve(instance)
    assert [(row.institution, row.product, row.reason) for row in plan.outcomes] == table


def test_the_text_below_the_example_tells_the_money_and_the_cutoff(instance):
    plan = solve(instance).to_json()
    assert plan["areas"][0]["remaining_krw"] == 10_000_000
    assert outcome(plan, "Police", "lamp")["detail"] == {
        "type": "residence",
        "key": "residence_tier",
        "applicant": 2,
        "holder": 1,
    }


def test_the_plan_of_the_example_is_proven(instance):
    assert verify(instance, solve(instance)) == []


def test_the_lamp_that_falls_vacant_goes_where_the_page_says(page, instance):
    (block,) = re.findall(r'^    (\{"format": "dongne-vacancies/1".*?\]\})$', page, re.M | re.S)
    record = succeed(instance, solve(instance), parse_vacancies(json.loads(block))).to_json()
    (step,) = record["steps"]
    assert (step["product"], step["left_by"], step["taken_by"]) == ("lamp", "Clinic", "Police")


def test_the_rules_cost_in_the_example_what_the_page_says(instance):
    found = audit(instance, solve(instance))
    assert (found.placements.achieved, found.placements.bound) == (2, 2)
    assert (found.value_krw.achieved, found.value_krw.bound) == (90_000_000, 90_000_000)


def list_rates(page):
    rows = re.findall(r"^\| ([a-z, ]+) \| ([\d,]+) \| ([\d.]+%) \|$", page, re.MULTILINE)
    return {name: (int(count.replace(",", "")), share) for name, count, share in rows}


def test_the_page_has_a_rate_for_everything_that_is_not_promised(page):
    rates = list_rates(page)
    assert list(rates) == list(limits.QUESTIONS)
    for count, share in rates.values():
        assert share == f"{count / limits.ROUNDS:.1%}"


@pytest.mark.heavy
def test_the_rates_of_the_page_are_those_that_are_measured(page):
    measured = limits.measure(limits.ROUNDS)
    assert {name: count for name, (count, _) in list_rates(page).items()} == measured


def test_what_is_not_promised_does_happen():
    measured = limits.measure(30)
    assert measured["more money leaves somebody worse off"] > 0
    assert measured["another order pays, without reallocation"] == 0
