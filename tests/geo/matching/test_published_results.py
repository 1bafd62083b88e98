"""The engine gives the results that textbooks print, through the command line."""

from __future__ import annotations

import json

import pytest

from tests.geo.matching.rounds import (
    a_product,
    a_round,
    an_application,
    an_institution,
    by_rankings,
    holders,
)

NUMBERED = ["RothSotomayor-2.9", "KojimaUnver-iaa", "GaleShapley1962-ex1", "GaleShapley1962-ex2"]


@pytest.fixture
def records(truth):
    rows = json.loads((truth / "matching_examples.json").read_text("utf-8"))
    return {row["id"]: row for row in rows}


def solve_by_command(engine, tmp_path, document):
    file = tmp_path / "instance.json"
    file.write_text(json.dumps(document), "utf-8")
    run = engine("solve", file)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


@pytest.mark.parametrize("record_id", NUMBERED)
def test_a_textbook_market_gets_its_published_matching(engine, tmp_path, records, record_id):
    record = records[record_id]
    document = by_rankings(
        record["proposer_prefs"],
        record["receiver_priorities"],
        record["receiver_caps"],
        record["proposer_caps"],
    )
    plan = solve_by_command(engine, tmp_path, document)
    expected = {f"P{at + 1}": set() for at in range(len(record["receiver_caps"]))}
    for at, product in enumerate(record["expected"]["proposer_optimal"], start=1):
        if product:
            expected[f"P{product}"].add(f"I{at}")
    assert holders(plan) == expected


def test_a_residents_match_with_names_gets_its_published_matching(engine, tmp_path, records):
    record = records["matching-readme-NRMP-style"]
    rankings, priorities = record["proposer_prefs"], record["receiver_priorities"]
    document = a_round(
        [a_product(key, max_placements=n) for key, n in record["receiver_caps"].items()],
        [an_institution(key, *ranking) for key, ranking in rankings.items()],
        [
            an_application(key, product, rank=priorities[product].index(key))
            if key in priorities[product]
            else an_application(key, product, rank=0)
            | {"eligible": False, "ineligible_reason": "not acceptable"}
            for key, ranking in rankings.items()
            for product in ranking
        ],
    )
    plan = solve_by_command(engine, tmp_path, document)
    expected = record["expected"]["proposer_optimal"]
    assert holders(plan) == {key: set(names) for key, names in expected.items()}


def test_the_result_is_not_the_first_come_first_ranked_one(engine, tmp_path, records):
    record = records["KojimaUnver-iaa"]
    document = by_rankings(
        record["proposer_prefs"], record["receiver_priorities"], record["receiver_caps"]
    )
    plan = solve_by_command(engine, tmp_path, document)
    assert record["expected"]["boston_mechanism"][1] == 1
    assert "I2" not in holders(plan)["P1"]
