"""No plan that somebody has edited passes, whatever the edit, unless it still says the same."""

from __future__ import annotations

import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.matching.instances import make_round
from geo.matching import load_json, parse_instance, solve, verify
from geo.matching.verify.findings import CHECKS
from tests.geo.matching.editing import edit
from tests.geo.matching.strategies import rounds


def assert_caught(instance, plan, edited):
    found = verify(instance, edited)
    assert {violation.check for violation in found} <= set(CHECKS)
    # As texts, for in Python 1 equals true and 1.0.
    same = json.dumps(plan, sort_keys=True) == json.dumps(edited, sort_keys=True)
    assert bool(found) is not same


@settings(max_examples=150, deadline=None)
@given(rounds(), st.integers(0, 2**32))
def test_random_edits_of_random_plans_are_caught(document, seed):
    instance = parse_instance(document)
    plan = load_json(solve(instance).dumps())
    draw = random.Random(seed)  # noqa: S311
    for _ in range(5):
        assert_caught(instance, plan, edit(plan, draw))


@pytest.mark.heavy
@settings(max_examples=2000, deadline=None)
@given(rounds(), st.integers(0, 2**32))
def test_tens_of_thousands_of_random_edits_are_caught(document, seed):
    instance = parse_instance(document)
    plan = load_json(solve(instance).dumps())
    draw = random.Random(seed)  # noqa: S311
    for _ in range(20):
        assert_caught(instance, plan, edit(plan, draw))


def test_random_edits_of_a_round_of_many_applications_are_caught():
    instance = parse_instance(make_round(240))
    plan = load_json(solve(instance).dumps())
    draw = random.Random(4)  # noqa: S311
    for _ in range(100):
        assert_caught(instance, plan, edit(plan, draw))
