"""The command line works on a bare Python, and bad input is one line on stderr and exit code 2."""

from __future__ import annotations

import json

import pytest

from tests.geo.matching.rounds import a_contest


@pytest.fixture
def instance(tmp_path):
    file = tmp_path / "instance.json"
    file.write_text(json.dumps(a_contest({"I1": 1, "I2": 2})), "utf-8")
    return file


@pytest.fixture
def plan(tmp_path, instance, engine):
    file = tmp_path / "plan.json"
    file.write_bytes(engine("solve", instance).stdout)
    return file


def edit(file, change):
    document = json.loads(file.read_text("utf-8"))
    change(document)
    file.write_text(json.dumps(document), "utf-8")


def assert_refused(run, *words):
    assert run.returncode == 2
    assert run.stdout == b""
    (line,) = run.stderr.decode("utf-8").splitlines()
    for word in words:
        assert word in line


def test_a_solved_plan_is_proven_with_exit_code_0(engine, instance, plan):
    run = engine("verify", instance, plan)
    assert (run.returncode, run.stdout, run.stderr) == (0, b"", b"")


def test_violated_checks_are_a_line_each_with_exit_code_1(engine, instance, plan):
    edit(plan, lambda document: document.update(seed="8", areas=[]))
    run = engine("verify", instance, plan)
    assert run.returncode == 1
    checks = [line.split(":")[0] for line in run.stdout.decode("utf-8").splitlines()]
    assert checks == ["format", "inputs_hash"]


def test_a_plan_with_other_spaces_and_key_order_is_still_the_plan(engine, instance, plan):
    plan.write_text(json.dumps(json.loads(plan.read_text("utf-8")), indent=1), "utf-8")
    assert engine("verify", instance, plan).returncode == 0


def test_the_hash_ignores_the_seed(engine, instance):
    before = engine("hash", instance)
    edit(instance, lambda document: document.update(seed=None))
    after = engine("hash", instance)
    assert before.stdout == after.stdout
    assert len(after.stdout) == 65


def test_the_plan_carries_the_hash(engine, instance, plan):
    due = engine("hash", instance).stdout.decode("ascii").strip()
    assert json.loads(plan.read_text("utf-8"))["inputs_sha256"] == due


@pytest.mark.parametrize(("lang", "words"), [("ko", "배정되었습니다"), ("en", "receives P")])
def test_an_outcome_is_explained_in_either_language(engine, instance, plan, lang, words):
    run = engine("explain", instance, plan, "--institution", "I1", "--product", "P", "--lang", lang)
    assert run.returncode == 0
    assert words in run.stdout.decode("utf-8")


def test_an_outcome_that_is_not_there_is_refused(engine, instance, plan):
    run = engine("explain", instance, plan, "--institution", "I9", "--product", "P")
    assert_refused(run, "I9")


def test_the_plan_of_another_instance_is_not_explained(engine, instance, plan):
    edit(instance, lambda document: document.update(round="other"))
    run = engine("explain", instance, plan, "--institution", "I1", "--product", "P")
    assert_refused(run, "plan.json", "another instance")


def test_a_plan_that_cannot_be_read_is_not_explained(engine, instance, plan):
    edit(plan, lambda document: document["outcomes"][1].update(detail={}))
    run = engine("explain", instance, plan, "--institution", "I1", "--product", "P")
    assert_refused(run, "plan.json", "outcomes[1].detail")


def test_a_refused_field_is_named_with_its_path(engine, instance):
    edit(instance, lambda document: document["products"][0].update(price_krw=0))
    assert_refused(engine("solve", instance), "instance.json", "products[0].price_krw")


def test_an_unknown_seed_is_refused_by_everything_but_hash(engine, instance, plan):
    edit(instance, lambda document: document.update(seed=None))
    assert_refused(engine("solve", instance), "seed")
    assert_refused(engine("verify", instance, plan), "seed")


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"{", "not JSON"),
        (b"\xff\xfe", "not UTF-8"),
        (b'{"seed": "1", "seed": "2"}', "repeated"),
        (b"[" * 200_000, "nested too deeply"),
        (b"[]", "must be an object"),
        (b'{"a\\nb": 1}', "unknown field"),
    ],
)
@pytest.mark.parametrize("command", ["solve", "hash"])
def test_a_bad_file_is_refused_in_one_line(engine, instance, command, raw, words):
    instance.write_bytes(raw)
    assert_refused(engine(command, instance), "instance.json", words)


@pytest.mark.parametrize("name", ["missing.json", "", "."])
def test_a_file_that_cannot_be_read_is_refused(engine, tmp_path, name):
    assert_refused(engine("solve", tmp_path / name), "cannot be read")


@pytest.mark.parametrize(
    "number", ["NaN", "-Infinity", "1e999", "1.0", "9" * 5000, "-" + "9" * 5000]
)
def test_a_number_that_is_no_integer_is_refused_with_its_path(engine, instance, number):
    edit(instance, lambda document: document["products"][0].update(price_krw="HERE"))
    instance.write_text(instance.read_text("utf-8").replace('"HERE"', number), "utf-8")
    assert_refused(engine("solve", instance), "products[0].price_krw: must be an integer")


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff", b'{"a": 1, "a": 1}', b"[" * 200_000])
def test_a_plan_file_that_is_no_json_violates_the_format(engine, instance, plan, raw):
    plan.write_bytes(raw)
    run = engine("verify", instance, plan)
    assert (run.returncode, run.stderr) == (1, b"")
    assert run.stdout.startswith(b"format: ")


def test_a_plan_that_is_not_there_cannot_be_judged(engine, instance, plan):
    plan.unlink()
    assert_refused(engine("verify", instance, plan), "plan.json", "cannot be read")


def test_an_id_with_a_line_separator_stays_within_its_line(engine, instance, plan):
    edit(plan, lambda document: document["areas"].append(document["areas"][0] | {"id": "\u2028"}))
    run = engine("verify", instance, plan)
    (line,) = run.stdout.decode("utf-8").splitlines()
    assert line == r'format: areas: "\u2028" is not in the instance'


@pytest.mark.parametrize("arguments", [[], ["next"], ["solve"], ["solve", "a", "b"]])
def test_wrong_arguments_end_with_exit_code_2(engine, arguments):
    run = engine(*arguments)
    assert run.returncode == 2
    assert b"usage:" in run.stderr
