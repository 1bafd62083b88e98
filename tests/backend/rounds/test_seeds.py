"""The seed: entered by two people after its date, and any other one is a rehearsal for ever."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError, ProgrammingError
from sqlalchemy.orm import Session

from backend.audit.models import AuditEvent
from backend.db import db, new_id
from backend.rounds.models import FrozenInputs, MatchingRun, OfficialSeed, Outcome, Round, SeedEntry
from backend.rounds.seeds import enter_seed
from tests.backend.rounds.conftest import SignIn
from tests.conftest import Clock
from tests.support.people import PASSWORD, make_institution, make_officer
from tests.support.rounds import (
    CLOSED,
    apply_for,
    close,
    draw,
    freeze,
    make_open_round,
    make_product,
    run,
)

URL = "/api/v1/rounds"
DUE = CLOSED + timedelta(minutes=5)
NUMBER = "3-11-19-27-34-45"
OTHER = "3-11-19-27-34-44"


@pytest.fixture
def frozen(session: Session, clock: Clock) -> Round:
    """A closed round with an application, frozen; the announced number is out."""
    round_, (offer,) = make_open_round(session, make_product(session))
    apply_for(session, make_institution(session), offer)
    close(session, round_)
    freeze(session, round_, due_at=DUE)
    clock.time = DUE
    return round_


@pytest.fixture
def officers(frozen: Round, session: Session, sign_in: SignIn) -> list[dict[str, str]]:
    """Three officers who are signed in."""
    return [sign_in(make_officer(session).email) for _ in range(3)]


def enter(client: FlaskClient, round_: Round, headers: dict[str, str], seed: str) -> Any:
    return client.post(f"{URL}/{round_.id}/seed-entries", json={"seed": seed}, headers=headers)


def test_two_people_who_agree_make_the_seed_official(
    client: FlaskClient, frozen: Round, officers: list[dict[str, str]]
) -> None:
    shown = client.get(f"{URL}/{frozen.id}/seed")
    assert (shown.status_code, shown.json["code"]) == (404, "seed_not_official")
    first = enter(client, frozen, officers[0], NUMBER)
    assert (first.status_code, first.json["official"]) == (201, None)
    second = enter(client, frozen, officers[1], f" {NUMBER} ")
    assert second.status_code == 201, second.text
    assert second.json["official"]["seed"] == NUMBER
    assert client.get(f"{URL}/{frozen.id}/seed").json == second.json["official"]
    late = enter(client, frozen, officers[2], NUMBER)
    assert (late.status_code, late.json["code"]) == (409, "seed_is_official")


def test_one_person_alone_never_makes_it(
    client: FlaskClient, session: Session, frozen: Round, officers: list[dict[str, str]]
) -> None:
    for _ in range(3):
        answer = enter(client, frozen, officers[0], NUMBER)
        assert (answer.status_code, answer.json["official"]) == (201, None)
    assert session.scalars(select(OfficialSeed)).all() == []


def test_two_numbers_that_differ_are_a_conflict_that_names_neither(
    client: FlaskClient, session: Session, frozen: Round, officers: list[dict[str, str]]
) -> None:
    enter(client, frozen, officers[0], NUMBER)
    answer = enter(client, frozen, officers[1], OTHER)
    assert (answer.status_code, answer.json["code"]) == (409, "seeds_differ")
    assert NUMBER not in answer.text
    events = session.scalars(
        select(AuditEvent.data).where(AuditEvent.action == "round.seed_entered")
    ).all()
    assert [json.loads(data)["differs"] for data in events] == [False, True]
    assert all(NUMBER not in data and OTHER not in data for data in events)
    # What was entered stays, so that a third person, or the one who was wrong, can settle it.
    third = enter(client, frozen, officers[2], OTHER)
    assert third.json["official"]["seed"] == OTHER


def test_an_entry_that_differs_stays_also_when_it_was_sent_under_a_key(
    client: FlaskClient, session: Session, frozen: Round, officers: list[dict[str, str]]
) -> None:
    enter(client, frozen, officers[0], NUMBER)
    enter(client, frozen, officers[1] | {"Idempotency-Key": "once"}, OTHER)
    events = select(AuditEvent.data).where(AuditEvent.action == "round.seed_entered")
    assert len(session.scalars(events).all()) == 2


def test_whoever_was_wrong_enters_it_again(
    client: FlaskClient, frozen: Round, officers: list[dict[str, str]]
) -> None:
    enter(client, frozen, officers[0], OTHER)
    enter(client, frozen, officers[1], NUMBER)
    again = enter(client, frozen, officers[0], NUMBER)
    assert again.json["official"]["seed"] == NUMBER


def test_a_number_is_entered_after_its_date_only(
    client: FlaskClient, frozen: Round, officers: list[dict[str, str]], clock: Clock
) -> None:
    clock.time = DUE - timedelta(seconds=1)
    answer = enter(client, frozen, officers[0], NUMBER)
    assert (answer.status_code, answer.json["code"]) == (409, "seed_not_due")


def test_two_people_who_enter_it_at_once_make_one_seed(committed_app: Flask) -> None:
    committed_app.config["CLOCK"] = lambda: DUE
    with committed_app.app_context():
        session = db.session()
        round_, _ = make_open_round(session, make_product(session))
        close(session, round_)
        freeze(session, round_, due_at=DUE)
        address = f"{URL}/{round_.id}/seed-entries"
        emails = [make_officer(session).email for _ in range(4)]
    tokens = [signed_in(committed_app, email) for email in emails]
    start = Barrier(len(tokens))

    def send(headers: dict[str, str]) -> tuple[int, bool]:
        start.wait()
        answer = committed_app.test_client().post(address, json={"seed": NUMBER}, headers=headers)
        return answer.status_code, bool(answer.json.get("official"))

    with ThreadPoolExecutor(max_workers=len(tokens)) as pool:
        answers = sorted(pool.map(send, tokens))
    assert answers == [(201, False), (201, True), (409, False), (409, False)]
    with committed_app.app_context():
        assert db.session().scalars(select(OfficialSeed.seed)).all() == [NUMBER]


def signed_in(app: Flask, email: str) -> dict[str, str]:
    """Sign somebody in; return the headers of a request."""
    facts = {"email": email, "password": PASSWORD}
    answer = app.test_client().post("/api/v1/sessions", json=facts)
    return {"Authorization": f"Bearer {answer.json['access_token']}"}


def test_a_number_needs_an_announcement(
    client: FlaskClient, session: Session, officers: list[dict[str, str]]
) -> None:
    round_, _ = make_open_round(session, make_product(session))
    close(session, round_)
    answer = enter(client, round_, officers[0], NUMBER)
    assert (answer.status_code, answer.json["code"]) == (409, "inputs_not_frozen")


def test_a_new_announcement_forgets_what_was_entered(session: Session, frozen: Round) -> None:
    first, second = make_officer(session), make_officer(session)
    enter_seed(session, round_id=frozen.id, seed=NUMBER, actor_id=first.id, now=DUE)
    freeze(session, frozen, reason="추첨이 취소되었습니다.", now=DUE)
    later = DUE + timedelta(minutes=1)
    entered = enter_seed(session, round_id=frozen.id, seed=NUMBER, actor_id=second.id, now=later)
    assert (entered.official, entered.differs) == (None, False)


def test_others_enter_nothing(
    client: FlaskClient, frozen: Round, auditor: dict[str, str], citizen: dict[str, str]
) -> None:
    for headers in (auditor, citizen):
        assert enter(client, frozen, headers, NUMBER).status_code == 403


def test_without_an_official_seed_there_is_no_official_run(
    client: FlaskClient, frozen: Round, officers: list[dict[str, str]]
) -> None:
    answer = client.post(f"{URL}/{frozen.id}/runs", json={}, headers=officers[0])
    assert (answer.status_code, answer.json["code"]) == (409, "seed_missing")


def test_any_other_seed_is_a_rehearsal_that_officers_see_and_nobody_approves(
    client: FlaskClient,
    session: Session,
    frozen: Round,
    officers: list[dict[str, str]],
    citizen: dict[str, str],
) -> None:
    rehearsals = [run(session, frozen, seed=seed) for seed in ("one", "two", "one")]
    draw(session, frozen, seed=NUMBER, now=DUE)
    official = run(session, frozen)
    rehearsals.append(run(session, frozen, seed="three"))
    assert [done.is_rehearsal for done in rehearsals] == [True] * 4
    assert [done.verified_at is not None for done in rehearsals] == [True] * 4
    assert not official.is_rehearsal
    listed = client.get(f"{URL}/{frozen.id}/runs", headers=officers[0]).json["items"]
    assert sum(row["is_rehearsal"] for row in listed) == 4
    assert {row.run_id for row in session.scalars(select(Outcome))} == {official.id}
    for step in ("approval", "publication"):
        address = f"{URL}/{frozen.id}/runs/{rehearsals[0].id}/{step}"
        answer = client.post(address, headers=officers[0])
        assert (answer.status_code, answer.json["code"]) == (409, "rehearsal_only")
    address = f"{URL}/{frozen.id}/plans/{rehearsals[0].id}"
    assert client.get(address, headers=officers[0]).json["seed"] == "one"
    assert client.get(address, headers=citizen).status_code == 404


def test_the_official_seed_given_by_hand_is_the_official_run(
    session: Session, frozen: Round
) -> None:
    draw(session, frozen, seed=NUMBER, now=DUE)
    assert not run(session, frozen, seed=NUMBER).is_rehearsal


def test_a_rehearsal_does_not_move_the_round(session: Session, frozen: Round) -> None:
    run(session, frozen, seed="rehearsal")
    session.refresh(frozen)
    assert frozen.status == "closed"


def test_the_database_never_lets_a_rehearsal_be_approved(session: Session, frozen: Round) -> None:
    draw(session, frozen, seed=NUMBER, now=DUE)
    rehearsal = run(session, frozen, seed="other")
    approver = make_officer(session).id
    approve = text("UPDATE matching_run SET approved_at = now(), approved_by = :who WHERE id = :id")
    with pytest.raises(IntegrityError, match="rehearsal_stays_one"), session.begin_nested():
        session.execute(approve, {"who": approver, "id": rehearsal.id})
    honest = text("UPDATE matching_run SET is_rehearsal = false WHERE id = :id")
    with pytest.raises(ProgrammingError, match="does not change"), session.begin_nested():
        session.execute(honest, {"id": rehearsal.id})


def test_the_database_lets_no_other_seed_in_as_official(session: Session, frozen: Round) -> None:
    draw(session, frozen, seed=NUMBER, now=DUE)
    inputs = session.scalars(select(FrozenInputs)).one()
    forged = MatchingRun(
        id=new_id(),
        round_id=frozen.id,
        inputs_id=inputs.id,
        seed=OTHER,
        is_rehearsal=False,
        inputs_sha256=inputs.inputs_sha256,
        state="queued",
        run_by=make_officer(session).id,
        run_at=DUE,
        violations=[],
    )
    session.add(forged)
    with pytest.raises(ProgrammingError, match="is a rehearsal"):
        session.flush()


@pytest.mark.parametrize("by_one", [True, False])
def test_the_database_wants_two_people_for_an_official_seed(
    session: Session, frozen: Round, by_one: bool
) -> None:
    officer, colleague = make_officer(session).id, make_officer(session).id
    enter_seed(session, round_id=frozen.id, seed=NUMBER, actor_id=officer, now=DUE)
    forged = OfficialSeed(
        round_id=frozen.id,
        seed=NUMBER,
        inputs_id=session.scalars(select(FrozenInputs.id)).one(),
        first_entered_by=officer,
        second_entered_by=officer if by_one else colleague,
        set_at=DUE,
    )
    session.add(forged)
    with pytest.raises(ProgrammingError, match="two people"):
        session.flush()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE official_seed SET seed = 'better'",
        "DELETE FROM official_seed",
        "TRUNCATE official_seed",
        "UPDATE seed_entry SET seed = 'better'",
        "DELETE FROM seed_entry",
    ],
)
def test_seeds_stay_as_they_were_entered(session: Session, frozen: Round, statement: str) -> None:
    draw(session, frozen, seed=NUMBER, now=DUE)
    assert session.scalars(select(SeedEntry.seed)).all() == [NUMBER, NUMBER]
    with pytest.raises(ProgrammingError), session.begin_nested():
        session.execute(text(statement))
