"""Running and approving: stored bytes that verify, two people, and one plan."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from hashlib import sha256
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from backend.audit.models import AuditEvent
from backend.audit.service import verify
from backend.db import db, new_id
from backend.jobs.worker import run_jobs
from backend.notifications.models import Notice
from backend.rounds import run_queries, verification
from backend.rounds.models import MatchingRun, Outcome, Placement, Round
from backend.rounds.results import list_placements
from backend.rounds.runs import GIVEN_UP_AFTER
from backend.rounds.verification import Verdict, verify_texts
from tests.conftest import NOW, Clock
from tests.support.headers import AS_IT_IS
from tests.support.people import (
    PASSWORD,
    make_applicant,
    make_institution,
    make_officer,
)
from tests.support.proposals import make_decided
from tests.support.rounds import (
    CLOSED,
    PRICE_KRW,
    SEED,
    announce,
    apply_for,
    approve,
    close,
    make_area,
    make_offer,
    make_open_round,
    make_product,
    make_round,
    prepare,
    publish,
    run,
)

URL = "/api/v1/rounds"
RUN: dict[str, str] = {}
"""The body of a run with the official seed."""


def closed_round(session: Session, *, budget_krw: int = PRICE_KRW) -> Round:
    """Make a closed round in which two institutions ask for a citizen's product."""
    product = make_product(session, answers=[make_decided(session, neighbourhood_public=True)])
    round_, (offer,) = make_open_round(session, product, budget_krw=budget_krw)
    here = make_institution(session)
    there = make_institution(session, site=(129.0328, 35.11223), emd_code="26110101")
    for institution in (here, there):
        apply_for(session, institution, offer)
    close(session, round_)
    return round_


def frozen_round(session: Session) -> Round:
    """Make a closed round whose inputs are frozen and whose seed is official."""
    round_ = closed_round(session)
    prepare(session, round_)
    return round_


def finished(
    client: FlaskClient, round_: Round, headers: dict[str, str], **body: str
) -> dict[str, Any]:
    """Ask for a run, let a worker carry it out, and return how it ended."""
    queued = client.post(f"{URL}/{round_.id}/runs", json=body, headers=headers)
    assert queued.status_code == 202, queued.text
    assert queued.json["state"] == "queued"
    run_jobs(client.application)
    return client.get(f"{URL}/{round_.id}/runs/{queued.json['id']}", headers=headers).json


def plan_text(session: Session, round_: Round) -> str:
    done = run_queries.get_current_run(session, round_.id)
    return run_queries.get_texts(session, round_.id, done.id)[1]


def test_a_run_is_stored_verified_and_listed(
    client: FlaskClient, session: Session, officer: dict[str, str], auditor: dict[str, str]
) -> None:
    round_ = frozen_round(session)
    answer = finished(client, round_, officer)
    assert answer["seed"] == SEED
    assert answer["state"] == "done"
    assert not answer["is_rehearsal"]
    assert answer["verified_at"] is not None
    assert (answer["verifier_exit_code"], answer["violations"]) == (0, [])
    assert answer["engine"] == "dongne-rules/1"
    assert client.get(f"{URL}/{round_.id}").json["status"] == "matched"
    for headers in (officer, auditor):
        listed = client.get(f"{URL}/{round_.id}/runs", headers=headers).json["items"]
        assert listed == [answer]
    texts = run_queries.get_texts(session, round_.id, UUID(answer["id"]))
    assert verify_texts(*texts) == Verdict(0, [])
    assert json.loads(texts[1])["inputs_sha256"] == answer["inputs_sha256"]
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "round.matched")).one()
    data = json.loads(event.data)
    assert data["plan_sha256"] == sha256(texts[1].encode()).hexdigest()
    assert data["seed"] == SEED


def test_every_application_has_its_outcome(session: Session) -> None:
    done = run(session, closed_round(session))
    rows = session.scalars(select(Outcome).where(Outcome.run_id == done.id)).all()
    found = {(row.reason, row.seat, row.residence_tier) for row in rows}
    assert found == {("awarded", "residence", 0), ("below_cutoff", None, 3)}
    refused = next(row for row in rows if row.seat is None)
    assert refused.detail["key"] == "residence_tier"
    assert all(row.application_id is not None for row in rows)


def test_equal_inputs_give_equal_bytes(session: Session) -> None:
    round_ = closed_round(session)
    run(session, round_)
    first = plan_text(session, round_)
    run(session, round_)
    assert plan_text(session, round_) == first


def test_a_run_takes_the_place_of_the_one_before(
    client: FlaskClient, session: Session, officer: dict[str, str], second_officer: dict[str, str]
) -> None:
    round_ = frozen_round(session)
    first, second = (finished(client, round_, officer) for _ in range(2))
    listed = client.get(f"{URL}/{round_.id}/runs", headers=officer).json["items"]
    assert [row["id"] for row in listed] == [second["id"], first["id"]]
    assert [row["superseded_at"] is None for row in listed] == [True, False]
    late = client.post(f"{URL}/{round_.id}/runs/{first['id']}/approval", headers=second_officer)
    assert late.status_code == 409
    assert late.json["code"] == "matching_run_superseded"


def test_a_run_under_way_is_not_asked_for_twice(
    client: FlaskClient, session: Session, officer: dict[str, str], clock: Clock
) -> None:
    round_ = frozen_round(session)
    first = client.post(f"{URL}/{round_.id}/runs", json=RUN, headers=officer).json
    again = client.post(f"{URL}/{round_.id}/runs", json=RUN, headers=officer)
    assert (again.status_code, again.json["code"]) == (409, "matching_run_under_way")
    clock.time += GIVEN_UP_AFTER
    later = run(session, round_, now=clock.time)
    assert later.state == "done"
    assert str(later.id) != first["id"]
    run_jobs(client.application)
    session.expire_all()
    assert session.get_one(MatchingRun, UUID(first["id"])).state == "queued"


@pytest.mark.parametrize("body", [{"seed": ""}, {"seed": 1}, {"seed": "x" * 201}, {"s": "1"}])
def test_a_seed_is_a_text(
    client: FlaskClient, session: Session, officer: dict[str, str], body: dict[str, object]
) -> None:
    round_ = frozen_round(session)
    answer = client.post(f"{URL}/{round_.id}/runs", json=body, headers=officer)
    assert answer.status_code == 422
    assert session.scalars(select(MatchingRun)).all() == []


def test_only_a_closed_round_is_run(
    client: FlaskClient, session: Session, officer: dict[str, str]
) -> None:
    draft = make_round(session)
    announced, _ = make_open_round(session, make_product(session))
    for round_ in (draft, announced):
        answer = client.post(f"{URL}/{round_.id}/runs", json=RUN, headers=officer)
        assert answer.status_code == 409
        assert answer.json["code"] == "invalid_transition"


def test_a_round_without_applications_has_an_empty_plan(session: Session) -> None:
    round_, _ = make_open_round(session, make_product(session))
    close(session, round_)
    done = run(session, round_)
    assert done.verified_at is not None
    assert session.scalars(select(Outcome)).all() == []


def test_whoever_ran_the_matching_cannot_approve_it(
    client: FlaskClient, session: Session, officer: dict[str, str], second_officer: dict[str, str]
) -> None:
    round_ = frozen_round(session)
    done = finished(client, round_, officer)
    address = f"{URL}/{round_.id}/runs/{done['id']}/approval"
    own = client.post(address, headers=officer)
    assert own.status_code == 409
    assert own.json["code"] == "second_person_needed"
    assert client.get(f"{URL}/{round_.id}").json["status"] == "matched"
    approved = client.post(address, headers=second_officer)
    assert approved.status_code == 200, approved.text
    assert approved.json["approved_by"] != approved.json["run_by"]
    assert client.get(f"{URL}/{round_.id}").json["status"] == "approved"
    again = client.post(address, headers=second_officer)
    assert again.json["code"] == "invalid_transition"


def test_the_database_knows_that_two_people_are_needed(session: Session) -> None:
    done = run(session, closed_round(session))
    with pytest.raises(Exception, match="ck_matching_run_second_person"), session.begin_nested():
        session.execute(text("UPDATE matching_run SET approved_by = run_by, approved_at = now()"))
    assert done.approved_at is None


def test_a_plan_that_does_not_hold_is_never_approved(
    session: Session,
    client: FlaskClient,
    second_officer: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    round_ = closed_round(session)
    fault = Verdict(1, ["budget: one won too much"])
    monkeypatch.setattr(verification, "verify_texts", lambda *_: fault)
    done = run(session, round_)
    assert done.state == "done"
    assert done.verified_at is None
    assert done.violations == ["budget: one won too much"]
    address = f"{URL}/{round_.id}/runs/{done.id}/approval"
    answer = client.post(address, headers=second_officer)
    assert answer.status_code == 409
    assert answer.json["code"] == "plan_not_verified"


def test_a_designation_that_lapses_before_the_approval_stops_it(
    client: FlaskClient, session: Session, second_officer: dict[str, str]
) -> None:
    until_then = date(CLOSED.year - 3, CLOSED.month, CLOSED.day) + timedelta(days=1)
    round_, (offer,) = make_open_round(session, make_product(session, designated_on=until_then))
    apply_for(session, make_institution(session), offer)
    close(session, round_)
    done = run(session, round_)
    with pytest.raises(Exception, match="designation has lapsed"):
        approve(session, done, now=CLOSED + timedelta(days=1))
    session.rollback()
    approve(session, done, now=CLOSED)


def test_an_unknown_run_is_not_found(
    client: FlaskClient, session: Session, officer: dict[str, str]
) -> None:
    round_ = closed_round(session)
    done = run(session, closed_round(session))
    for run_id in (new_id(), done.id):
        for step in ("approval", "publication"):
            answer = client.post(f"{URL}/{round_.id}/runs/{run_id}/{step}", headers=officer)
            assert answer.status_code == 404
            assert answer.json["code"] == "matching_run_not_found"


def test_a_fixed_institution_skips_the_matching(session: Session) -> None:
    round_ = make_round(session)
    fixed, asking = make_institution(session), make_institution(session)
    offer = make_offer(
        session,
        make_area(session, round_, budget_krw=2 * PRICE_KRW),
        make_product(session),
        fixed_institution_ids=[fixed.organization_id],
    )
    announce(session, round_)
    apply_for(session, asking, offer)
    publish(session, round_)
    seats = dict(session.execute(select(Placement.institution_id, Placement.seat)).all())
    assert seats == {fixed.organization_id: "preassigned", asking.organization_id: "open"}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE matching_run SET plan_text = '{}'",
        "UPDATE matching_run SET instance_text = '{}'",
        "UPDATE matching_run SET seed = 'better'",
        "UPDATE matching_run SET is_rehearsal = true",
        "UPDATE matching_run SET state = 'failed', failure = 'no'",
        "UPDATE matching_run SET violations = '[1]'",
        "UPDATE matching_run SET published_at = now()",
        "UPDATE matching_run SET approved_at = now()",
        "UPDATE matching_run SET verified_at = NULL, approved_at = NULL, approved_by = NULL",
        "DELETE FROM matching_run",
        "TRUNCATE matching_run CASCADE",
        "UPDATE outcome SET reason = 'awarded', seat = 'open'",
        "DELETE FROM outcome",
        "TRUNCATE outcome CASCADE",
        "UPDATE placement SET seat = 'open'",
        "UPDATE placement SET institution_id = institution_id",
        "DELETE FROM placement",
        "TRUNCATE placement CASCADE",
        "INSERT INTO outcome SELECT * FROM outcome LIMIT 1",
        "INSERT INTO placement SELECT * FROM placement LIMIT 1",
    ],
)
def test_nothing_changes_a_published_plan(session: Session, statement: str) -> None:
    round_ = closed_round(session)
    publish(session, round_)
    with pytest.raises(ProgrammingError) as refused, session.begin_nested():
        session.execute(text(statement))
    assert "InsufficientPrivilege" in type(refused.value.orig).__name__


def test_a_published_plan_is_superseded_once(session: Session) -> None:
    round_ = closed_round(session)
    publish(session, round_)
    statement = text("UPDATE matching_run SET superseded_at = now() + :later")
    session.execute(statement, {"later": timedelta(0)})
    assert list_placements(session, round_id=round_.id, limit=10, after=None).items == []
    with pytest.raises(ProgrammingError), session.begin_nested():
        session.execute(statement, {"later": timedelta(days=1)})


def test_what_a_run_computed_does_not_change_before_its_publication_either(
    session: Session,
) -> None:
    run(session, closed_round(session))
    with pytest.raises(ProgrammingError), session.begin_nested():
        session.execute(text("UPDATE matching_run SET plan_text = '{}'"))


def test_two_officers_who_approve_at_once_approve_once(committed_app: Flask) -> None:
    committed_app.config["CLOCK"] = lambda: CLOSED
    with committed_app.app_context():
        session = db.session()
        round_ = closed_round(session)
        done = run(session, round_)
        address = f"{URL}/{round_.id}/runs/{done.id}/approval"
        emails = [make_officer(session).email for _ in range(2)]
    answers = at_once(committed_app, address, emails)
    assert sorted(answers) == [(200, None), (409, "invalid_transition")]


def test_two_officers_who_ask_for_a_run_at_once_get_one(committed_app: Flask) -> None:
    committed_app.config["CLOCK"] = lambda: CLOSED
    with committed_app.app_context():
        session = db.session()
        address = f"{URL}/{frozen_round(session).id}/runs"
        emails = [make_officer(session).email for _ in range(2)]
    answers = at_once(committed_app, address, emails, body={})
    assert sorted(answers) == [(202, None), (409, "matching_run_under_way")]
    run_jobs(committed_app)
    with committed_app.app_context():
        assert db.session().scalars(select(MatchingRun.state)).all() == ["done"]


def test_two_officers_who_publish_at_once_publish_once(committed_app: Flask) -> None:
    committed_app.config["CLOCK"] = lambda: CLOSED
    with committed_app.app_context():
        session = db.session()
        product = make_product(session, answers=[make_decided(session)])
        round_, (offer,) = make_open_round(session, product)
        institution = make_institution(session)
        make_applicant(session, institution)
        apply_for(session, institution, offer)
        close(session, round_)
        done = run(session, round_)
        approve(session, done)
        address = f"{URL}/{round_.id}/runs/{done.id}/publication"
        emails = [make_officer(session).email for _ in range(2)]
    answers = at_once(committed_app, address, emails)
    assert sorted(answers) == [(200, None), (409, "invalid_transition")]
    with committed_app.app_context():
        session = db.session()
        assert session.scalar(select(func.count()).select_from(Placement)) == 1
        for kind in ("placement_awarded", "proposal_deployed"):
            told = select(func.count()).where(Notice.kind == kind)
            assert session.scalar(told) == 1
        assert verify(session) == []


def test_a_window_that_closes_while_somebody_applies_is_clear(committed_app: Flask) -> None:
    with committed_app.app_context():
        session = db.session()
        round_, (offer,) = make_open_round(
            session, make_product(session), closes_at=NOW + timedelta(minutes=5)
        )
        institution = make_institution(session)
        applicant = make_applicant(session, institution).email
        officer = make_officer(session).email
        offer_id, round_id = offer.id, round_.id
        wishes = f"{URL}/{round_.id}/institutions/{institution.organization_id}/applications"
    committed_app.config["CLOCK"] = lambda: NOW + timedelta(minutes=5)
    body = {"applications": [{"offer_id": str(offer_id), "reason": "필요합니다."}]}
    tokens = [token_of(committed_app, email) for email in (applicant, officer)]
    start = Barrier(2)

    def put() -> tuple[int, str | None]:
        start.wait()
        answer = committed_app.test_client().put(wishes, json=body, headers=tokens[0] | AS_IT_IS)
        return answer.status_code, answer.json.get("code")

    def shut() -> tuple[int, str | None]:
        start.wait()
        address = f"{URL}/{round_id}/closing"
        answer = committed_app.test_client().post(address, headers=tokens[1])
        return answer.status_code, answer.json["status"]

    with ThreadPoolExecutor(max_workers=2) as pool:
        asked, closed = pool.submit(put), pool.submit(shut)
        assert asked.result() == (409, "round_not_open")
        assert closed.result() == (200, "closed")


def token_of(app: Flask, email: str) -> dict[str, str]:
    """Sign somebody in; return the headers of a request."""
    answer = app.test_client().post("/api/v1/sessions", json={"email": email, "password": PASSWORD})
    return {"Authorization": f"Bearer {answer.json['access_token']}"}


def at_once(
    app: Flask, address: str, emails: list[str], body: dict[str, str] | None = None
) -> list[tuple[int, str | None]]:
    """Post to an address as several people at the same moment; return statuses and codes."""
    tokens = [token_of(app, email) for email in emails]
    start = Barrier(len(tokens))

    def send(headers: dict[str, str]) -> tuple[int, str | None]:
        client = app.test_client()
        start.wait()
        answer = client.post(address, json=body, headers=headers)
        return answer.status_code, answer.json.get("code")

    with ThreadPoolExecutor(max_workers=len(tokens)) as pool:
        return list(pool.map(send, tokens))
