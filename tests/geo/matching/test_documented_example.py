"""The example that officials read gives the table that stands below it."""

from __future__ import annotations

import json
import re

import pytest

from geo.matching import parse_instance, solve, verify
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
