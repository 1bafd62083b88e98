"""A vacant placement goes to whoever is next, the one left behind too, and a record tells it."""

from __future__ import annotations

import hashlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.matching import Event, EventRefused, Refused, parse_instance, parse_vacancies, solve
from geo.matching import succeed as succeed_with
from geo.matching.jsonio import dump_canonical
from tests.geo.matching.rounds import a_contest, by_rankings
from tests.geo.matching.strategies import rounds
from tests.geo.matching.test_incentives import choose


def contract(institution, product):
    return Event("contract", institution, product)


def withdrawal(institution, product):
    return Event("withdrawal", institution, product)


def succeed(document, *events):
    instance = parse_instance(document)
    return succeed_with(instance, solve(instance), events).to_json()


def moves(record):
    """Per step who leaves which product, who takes it, and what that one gives up for it."""
    return [
        (step["left_by"], step["product"], step["taken_by"], step["gives_up"])
        for step in record["steps"]
    ]


def a_chain():
    """I1 holds P1, I2 holds P2 and I3 holds P3; each would rather have the one before."""
    return by_rankings([[1], [1, 2], [2, 3]], [[1, 2], [2, 3], [3]], [1, 1, 1])


def test_a_vacancy_is_passed_on_until_nobody_wants_it():
    record = succeed(a_chain(), withdrawal("I1", "P1"))
    assert moves(record) == [
        ("I1", "P1", "I2", "P2"),
        ("I2", "P2", "I3", "P3"),
        ("I3", "P3", None, None),
    ]
    assert record["holders"] == [
        {"institution": "I2", "product": "P1"},
        {"institution": "I3", "product": "P2"},
    ]


def test_who_has_signed_a_contract_stays_where_it_is():
    record = succeed(a_chain(), contract("I2", "P2"), withdrawal("I1", "P1"))
    assert moves(record) == [("I1", "P1", None, None)]


def test_the_next_is_the_best_of_those_refused():
    record = succeed(a_contest({"A": 1, "B": 3, "C": 2}), withdrawal("A", "P"))
    assert moves(record) == [("A", "P", "C", None)]
    assert record["steps"][0]["seat"] == "open"


def test_who_withdraws_while_waiting_is_passed_over():
    record = succeed(
        a_contest({"A": 1, "B": 3, "C": 2}), withdrawal("C", "P"), withdrawal("A", "P")
    )
    assert moves(record) == [("A", "P", "B", None)]


def test_a_withdrawal_gives_no_right_to_another_placement():
    document = by_rankings([[1, 2], [2]], [[1], [1, 2]], [1, 1])
    record = succeed(document, withdrawal("I1", "P1"), withdrawal("I2", "P2"))
    assert [step["taken_by"] for step in record["steps"]] == [None, None]


def test_an_open_seat_that_falls_vacant_is_refilled_by_the_products_whole_choice():
    document = a_contest({"a": 1, "b": 4, "c": 2, "d": 3}, max_placements=2, seats={"near": 1})
    document["policy"] |= {
        "seat_precedence": ["open", "near"],
        "seat_priority": {"open": ["rank"], "near": ["tier", "rank"]},
    }
    for row in document["applications"]:
        row["keys"]["tier"] = 0 if row["institution"] in "ab" else 1
    # a has the open seat and b the near one; c is now best for the open seat.
    record = succeed(document, withdrawal("a", "P"))
    assert moves(record) == [("a", "P", "c", None)]
    assert {row["institution"] for row in record["holders"]} == {"b", "c"}


def test_a_fixed_placement_is_offered_to_nobody():
    document = a_contest({"A": 1, "B": 2}, preassigned=["F"], max_placements=2)
    document["institutions"].append({"id": "F", "capacity": 1, "ranking": []})
    assert moves(succeed(document, withdrawal("F", "P"))) == [("F", "P", None, None)]


@pytest.mark.parametrize(
    ("events", "words"),
    [
        ([contract("B", "P")], "holds no placement"),
        ([contract("A", "P"), withdrawal("A", "P")], "has a contract already"),
        ([withdrawal("A", "P"), withdrawal("A", "P")], "has withdrawn already"),
        ([withdrawal("A", "Q")], "no application"),
    ],
)
def test_what_cannot_have_happened_is_refused_with_its_number(events, words):
    with pytest.raises(EventRefused, match=words) as refusal:
        succeed(a_contest({"A": 1, "B": 2}), *events)
    assert str(refusal.value).startswith(f"events[{len(events) - 1}]")


def draw_events(document, draw):
    """Draw up to six events that can have happened, each after those before it."""
    instance = parse_instance(document)
    plan = solve(instance)
    pairs = [(row.institution, row.product) for row in plan.outcomes]
    events = []
    for _ in range(draw.randint(1, 6) if pairs else 0):
        event = Event(draw.choice(["withdrawal", "withdrawal", "contract"]), *draw.choice(pairs))
        try:
            succeed_with(instance, plan, [*events, event])
        except EventRefused:
            continue
        events.append(event)
    return events


@settings(max_examples=100, deadline=None)
@given(rounds(), st.randoms(use_true_random=False))
def test_the_record_only_grows_and_each_step_holds_the_hash_before(document, draw):
    events = draw_events(document, draw)
    instance = parse_instance(document)
    plan = solve(instance)
    record = succeed_with(instance, plan, events).to_json()
    for length in range(len(events)):
        earlier = succeed_with(instance, plan, events[:length]).to_json()["steps"]
        assert record["steps"][: len(earlier)] == earlier
    previous = hashlib.sha256(plan.dumps()).hexdigest()
    for step in record["steps"]:
        assert step["previous"] == previous
        previous = hashlib.sha256(dump_canonical(step)).hexdigest()


@settings(max_examples=100, deadline=None)
@given(rounds(reallocate_unclaimed=True), st.randoms(use_true_random=False))
def test_nobody_without_a_contract_envies_whom_the_product_ranks_lower(document, draw):
    events = draw_events(document, draw)
    plan = solve(parse_instance(document)).to_json()
    record = succeed(document, *events)
    held = {(row["institution"], row["product"]) for row in record["holders"]}
    signed = {event[1:] for event in events if event.kind == "contract"}
    gone = {event[1:] for event in events if event.kind == "withdrawal"}
    funded = {row["id"]: row["funded"] for row in plan["products"]}
    won = {
        (row["institution"], row["product"])
        for row in plan["outcomes"]
        if row["reason"] == "awarded"
    }
    assert signed & won <= held
    for body in document["institutions"]:
        name, ranking = body["id"], body["ranking"]
        mine = [key for key in ranking if (name, key) in held]
        # Who has room takes anything; who is full would change what it has not signed for.
        fixed = sum(name in product["preassigned"] for product in document["products"])
        used = document["policy"]["preassigned_uses_capacity"] * fixed
        # A placement given back leaves no room.
        withdrew = any(institution == name for institution, _ in gone)
        has_room = not withdrew and len(mine) < body["capacity"] - used
        free = [key for key in mine if (name, key) not in signed]
        for product in document["products"]:
            key = product["id"]
            wanted = key in ranking and (
                has_room or (free and ranking.index(key) < ranking.index(free[-1]))
            )
            eligible = any(
                row["eligible"] and (row["institution"], row["product"]) == (name, key)
                for row in document["applications"]
            )
            if wanted and eligible and (name, key) not in held | gone:
                holders = {who for who, what in held if what == key}
                placements = funded[key] - len(product["preassigned"])
                assert name not in choose(document, product, holders | {name}, placements)


@settings(max_examples=100, deadline=None)
@given(rounds(), st.randoms(use_true_random=False))
def test_nobody_loses_by_what_others_leave(document, draw):
    events = draw_events(document, draw)
    plan = solve(parse_instance(document)).to_json()
    held = {(row["institution"], row["product"]) for row in succeed(document, *events)["holders"]}
    withdrew = {event.institution for event in events if event.kind == "withdrawal"}
    for body in document["institutions"]:
        if body["id"] in withdrew:
            continue
        before = [
            at
            for at, key in enumerate(body["ranking"])
            for row in plan["outcomes"]
            if (row["institution"], row["product"]) == (body["id"], key)
            and row["reason"] == "awarded"
        ]
        after = [at for at, key in enumerate(body["ranking"]) if (body["id"], key) in held]
        assert len(after) >= len(before)
        assert all(now <= then for now, then in zip(after, before, strict=False))


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"format": "dongne-vacancies/2"}, "format"),
        ({"events": {}}, "events"),
        ({"events": [{"event": "contract", "institution": "A"}]}, "events[0].product"),
        ({"events": [{"event": "x", "institution": "A", "product": "P"}]}, "events[0].event"),
    ],
)
def test_a_file_of_vacancies_that_breaks_the_format_is_refused_by_its_path(change, path):
    with pytest.raises(Refused) as refusal:
        parse_vacancies({"format": "dongne-vacancies/1", "events": []} | change)
    assert refusal.value.path == path


@pytest.fixture
def files(tmp_path, engine):
    instance, plan = tmp_path / "instance.json", tmp_path / "plan.json"
    instance.write_text(json.dumps(a_chain()), "utf-8")
    plan.write_bytes(engine("solve", instance).stdout)
    return instance, plan


def write_events(folder, *events):
    file = folder / "vacancies.json"
    rows = [
        {"event": kind, "institution": institution, "product": product}
        for kind, institution, product in events
    ]
    file.write_text(json.dumps({"format": "dongne-vacancies/1", "events": rows}), "utf-8")
    return file


def test_the_command_appends_to_its_earlier_record(engine, tmp_path, files):
    first = engine("next", *files, write_events(tmp_path, withdrawal("I3", "P3")))
    record = tmp_path / "record.json"
    record.write_bytes(first.stdout)
    events = write_events(tmp_path, withdrawal("I3", "P3"), withdrawal("I1", "P1"))
    run = engine("next", *files, events, "--after", record)
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout)["steps"][:1] == json.loads(first.stdout)["steps"]


def test_the_command_tells_an_earlier_record_that_was_changed(engine, tmp_path, files):
    events = write_events(tmp_path, withdrawal("I1", "P1"))
    forged = json.loads(engine("next", *files, events).stdout)
    forged["steps"][0]["taken_by"] = "I3"
    record = tmp_path / "record.json"
    record.write_text(json.dumps(forged), "utf-8")
    run = engine("next", *files, events, "--after", record)
    assert run.returncode == 1
    assert b"do not follow" in run.stdout


def test_the_command_starts_from_no_plan_that_does_not_hold(engine, tmp_path, files):
    instance, plan = files
    document = json.loads(plan.read_text("utf-8"))
    document["areas"][0]["spent_krw"] += 1
    plan.write_text(json.dumps(document), "utf-8")
    run = engine("next", instance, plan, write_events(tmp_path, withdrawal("I1", "P1")))
    assert run.returncode == 2
    assert b"does not hold: budget" in run.stderr
