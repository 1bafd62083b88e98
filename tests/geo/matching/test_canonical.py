"""Equal rounds give equal bytes: canonical JSON, and a hash that ignores seed and row order."""

from __future__ import annotations

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.matching import Refused, inputs_sha256, load_json, parse_instance, parse_plan, solve
from tests.geo.matching.rounds import a_contest
from tests.geo.matching.strategies import rounds


def sort_rows(document):
    """Put rows where the format wants them, and take the seed out."""
    document = dict(document)
    del document["seed"]
    for name in ("areas", "products", "institutions"):
        document[name] = sorted(document[name], key=lambda row: row["id"])
    document["products"] = [
        row | {"preassigned": sorted(row["preassigned"])} for row in document["products"]
    ]
    document["applications"] = sorted(
        document["applications"], key=lambda row: (row["institution"], row["product"])
    )
    return document


def canonical(document):
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


@given(rounds())
def test_the_hash_is_that_of_the_document_with_sorted_rows_and_no_seed(document):
    expected = hashlib.sha256(canonical(sort_rows(document)).encode("utf-8")).hexdigest()
    assert inputs_sha256(parse_instance(document)) == expected


@pytest.mark.parametrize("field", ["cap_group", None])
def test_an_optional_field_given_as_null_is_hashed_as_it_was_given(field):
    document = a_contest({"I1": 1})
    if field:
        document["products"][0][field] = None
    expected = hashlib.sha256(canonical(sort_rows(document)).encode("utf-8")).hexdigest()
    assert inputs_sha256(parse_instance(document)) == expected


def test_awkward_key_names_are_hashed_as_json_writes_them():
    document = a_contest({"I1": 1, "I2": 2})
    document["applications"][0]["keys"] |= {'100 % "가"': -1, "%d": 2, "\u2028": 3}
    document["applications"][1] |= {"eligible": False, "ineligible_reason": '"no"\n'}
    expected = hashlib.sha256(canonical(sort_rows(document)).encode("utf-8")).hexdigest()
    assert inputs_sha256(parse_instance(document)) == expected


@given(rounds(), st.randoms(use_true_random=False))
def test_rows_in_another_order_give_the_same_bytes(document, random):
    expected = solve(parse_instance(document)).dumps()
    for name in ("areas", "products", "institutions", "applications"):
        random.shuffle(document[name])
    for row in document["products"]:
        random.shuffle(row["preassigned"])
    assert solve(parse_instance(document)).dumps() == expected


@given(rounds())
def test_a_plan_file_is_canonical_json_and_one_newline(document):
    raw = solve(parse_instance(document)).dumps()
    assert raw == canonical(json.loads(raw)).encode("utf-8") + b"\n"


@given(rounds())
def test_a_plan_and_an_instance_survive_their_files(document):
    instance = parse_instance(document)
    plan = solve(instance)
    assert parse_instance(load_json(instance.dumps())) == instance
    assert parse_plan(load_json(plan.dumps())) == plan


def test_ids_sort_by_code_point():
    instance = parse_instance(a_contest({"a": 1, "Z": 1, "가": 1, "é": 1}))
    assert [row.id for row in instance.institutions] == ["Z", "a", "é", "가"]


def test_a_solved_instance_must_have_its_seed():
    document = a_contest({"I1": 1}) | {"seed": None}
    with pytest.raises(Refused, match=r"^seed: "):
        solve(parse_instance(document, allow_null_seed=True))


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        (b"\xff", "not UTF-8 at byte 0"),
        (b"{", "not JSON"),
        (b"", "not JSON"),
        (b"\xef\xbb\xbf{}", "not JSON"),
        (b'{"a": {"b": 1, "b": 2}}', 'the key "b" is repeated within one object'),
        (b"[" * 100_000, "nested too deeply"),
        (b"[" + b"9" * 5000 + b",]", "not JSON"),
    ],
)
def test_json_that_readers_disagree_about_is_refused(raw, problem):
    with pytest.raises(Refused, match=problem):
        load_json(raw)
