"""No plan is above the bound, and small rounds have the bound that can be counted by hand."""

from __future__ import annotations

import json
from itertools import compress
from itertools import product as combinations

import pytest
from hypothesis import given, settings

from bench.matching.instances import make_round
from geo.matching import parse_instance, solve
from geo.matching_audit import audit
from geo.matching_audit.__main__ import main
from tests.geo.matching.rounds import a_product, a_round, an_application, an_institution
from tests.geo.matching.strategies import rounds


def audited(document, **options):
    instance = parse_instance(document)
    return audit(instance, solve(instance), **options)


def a_round_whose_order_is_dear():
    """Money for the one dear product that comes first, or for two cheap ones."""
    return a_round(
        [a_product("dear", price_krw=6, order=[0])]
        + [a_product(f"cheap{at}", price_krw=5, order=[1]) for at in (1, 2)],
        [an_institution("A", "dear"), an_institution("B", "cheap1"), an_institution("C", "cheap2")],
        [
            an_application("A", "dear", rank=0),
            an_application("B", "cheap1", rank=0),
            an_application("C", "cheap2", rank=0),
        ],
        budget_krw=10,
    )


def test_the_funding_order_costs_a_placement_and_four_won():
    found = audited(a_round_whose_order_is_dear())
    assert (found.placements.achieved, found.placements.bound) == (1, 2)
    assert (found.value_krw.achieved, found.value_krw.bound) == (6, 10)
    assert found.placements.gap_share == 0.5
    assert found.placements.proven_best
    assert found.value_krw.proven_best


def test_preassigned_placements_count_on_both_sides_and_use_their_limits():
    document = a_round_whose_order_is_dear()
    document["products"][1]["preassigned"] = ["A"]
    found = audited(document)
    assert (found.placements.achieved, found.placements.bound) == (2, 2)
    assert (found.value_krw.achieved, found.value_krw.bound) == (10, 10)


def test_a_round_without_applications_has_nothing_to_gain():
    found = audited(a_round([a_product("P")], [an_institution("I")], []))
    assert (found.placements.bound, found.placements.gap_share) == (0, 0.0)


def is_possible(document, chosen, fixed):
    """Tell whether all limits of a round allow these placements beyond the fixed ones."""
    policy = document["policy"]
    number = {row["id"]: 0 for row in document["products"]}
    taken = {row["id"]: 0 for row in document["institutions"]}
    for _, product in fixed + chosen:
        number[product] += 1
    for institution, _ in chosen:
        taken[institution] += 1
    used = [body for body, _ in fixed] if policy["preassigned_uses_capacity"] else []
    pots = {row["id"]: row["budget_krw"] for row in document["areas"]}
    pots["g"] = policy["group_budget_cap_krw"] or 1000
    for row in document["products"]:
        cost = number[row["id"]] * row["price_krw"]
        pots[row["area"]] -= cost
        pots["g"] -= cost if row["cap_group"] == "g" else 0
        if number[row["id"]] > row["max_placements"]:
            return False
        if cost > (policy["product_budget_cap_krw"] or 1000):
            return False
    return min(pots.values()) >= 0 and all(
        taken[row["id"]] <= max(0, row["capacity"] - used.count(row["id"]))
        for row in document["institutions"]
    )


def best_by_counting(document):
    """Try every set of eligible applications; give the most placements and the most value."""
    rows = [
        (row["institution"], row["product"]) for row in document["applications"] if row["eligible"]
    ]
    price = {row["id"]: row["price_krw"] for row in document["products"]}
    fixed = [(body, row["id"]) for row in document["products"] for body in row["preassigned"]]
    found = [
        fixed + list(compress(rows, taken))
        for taken in combinations((False, True), repeat=len(rows))
        if is_possible(document, list(compress(rows, taken)), fixed)
    ]
    return max(map(len, found)), max(sum(price[key] for _, key in placed) for placed in found)


@settings(max_examples=40, deadline=None)
@given(rounds())
def test_the_bound_is_what_trying_everything_finds(document):
    if sum(row["eligible"] for row in document["applications"]) > 9:
        return
    found = audited(document)
    assert (found.placements.bound, found.value_krw.bound) == best_by_counting(document)


@settings(max_examples=60, deadline=None)
@given(rounds())
def test_no_plan_is_above_its_bound(document):
    found = audited(document)
    for bound in (found.placements, found.value_krw):
        assert bound.achieved <= bound.incumbent <= bound.bound


def test_a_search_that_ran_out_of_time_says_what_is_proven():
    found = audited(make_round(6000), time_limit_s=0.001)
    for bound in (found.placements, found.value_krw):
        assert bound.achieved <= bound.incumbent <= bound.bound
        assert not bound.proven_best


@pytest.fixture
def files(tmp_path):
    document = a_round_whose_order_is_dear()
    instance, plan = tmp_path / "instance.json", tmp_path / "plan.json"
    instance.write_text(json.dumps(document), "utf-8")
    plan.write_bytes(solve(parse_instance(document)).dumps())
    return instance, plan


def test_the_command_tells_the_price_of_the_rules(files, capsys):
    assert main([str(file) for file in files]) == 0
    placements, value = capsys.readouterr().out.splitlines()
    assert placements.endswith("2 could be had. The rules cost 1 (50.0%).")
    assert value.startswith("value: the plan has KRW 6; without the rules KRW 10 could be had.")


def test_the_command_writes_json(files, capsys):
    assert main([*(str(file) for file in files), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["placements"] == {
        "achieved": 1,
        "incumbent": 2,
        "bound": 2,
        "gap": 1,
        "gap_share": 0.5,
        "proven_best": True,
    }


def test_the_command_compares_no_plan_that_does_not_hold(files, capsys):
    instance, plan = files
    forged = json.loads(plan.read_text("utf-8"))
    forged["areas"][0]["spent_krw"] += 1
    plan.write_text(json.dumps(forged), "utf-8")
    assert main([str(instance), str(plan)]) == 1
    assert "budget" in capsys.readouterr().err


def test_the_command_names_a_file_that_is_not_there(files, tmp_path, capsys):
    assert main([str(tmp_path / "none.json"), str(files[1])]) == 2
    assert "none.json" in capsys.readouterr().err
