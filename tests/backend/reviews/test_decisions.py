"""Deciding: who may, what follows, who is told, and that one decision stands."""

from concurrent.futures import ThreadPoolExecutor
from time import sleep
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from backend.audit.models import AuditEvent
from backend.audit.service import verify
from backend.auth.identity import Role
from backend.db import db
from backend.notifications.models import Notice
from backend.proposals.endorsements import endorse
from backend.proposals.events import ProposalEvent
from backend.proposals.models import Proposal
from backend.reviews.models import Decision, Review
from tests.backend.reviews.conftest import Person
from tests.conftest import Clock
from tests.support.headers import AS_IT_IS
from tests.support.people import (
    BEFORE,
    CITY_HALL_EMD,
    PASSWORD,
    local_government_organization,
    make_reviewer,
    register,
)
from tests.support.proposals import make_decided, make_submitted

REASON = "주민 불편이 크고 시범사용이 가능합니다."
ADOPTED = {"outcome": "adopted", "reason": REASON}


def url(proposal: Proposal) -> str:
    """Return where a proposal is decided."""
    return f"/api/v1/proposals/{proposal.id}/decision"


def test_an_adoption_brings_the_proposal_forward_and_tells_why(
    client: FlaskClient, session: Session, author: Person, reviewer: Person
) -> None:
    proposal = make_submitted(session, author.account)
    answer = client.put(url(proposal), json=ADOPTED, headers=reviewer.headers)
    assert answer.status_code == 200
    assert answer.json["reason"] == REASON
    shown = client.get(f"/api/v1/proposals/{proposal.id}").json
    assert shown["status"] == "adopted"
    assert shown["decided_at"] is not None
    events = client.get(f"/api/v1/proposals/{proposal.id}/events").json["items"]
    assert [event["kind"] for event in events] == ["submitted", "adopted"]
    assert events[1]["data"]["reason"] == REASON
    decision = session.scalars(select(Decision)).one()
    assert decision.decided_by == reviewer.account.id


def test_author_and_endorsers_hear_of_an_adoption(
    client: FlaskClient, session: Session, author: Person, stranger: Person, reviewer: Person
) -> None:
    proposal = make_submitted(session, author.account)
    endorse(session, proposal_id=proposal.id, account_id=stranger.account.id, now=BEFORE)
    session.commit()
    client.put(url(proposal), json=ADOPTED, headers=reviewer.headers)
    for person, kind in ((author, "proposal_adopted"), (stranger, "endorsed_proposal_adopted")):
        newest = client.get("/api/v1/me/notices", headers=person.headers).json["items"][0]
        assert newest["kind"] == kind
        assert REASON in newest["text"]


def test_endorsers_are_not_bothered_with_a_rejection(
    client: FlaskClient, session: Session, author: Person, stranger: Person, reviewer: Person
) -> None:
    proposal = make_submitted(session, author.account)
    endorse(session, proposal_id=proposal.id, account_id=stranger.account.id, now=BEFORE)
    session.commit()
    body = {"outcome": "rejected", "reason": "이미 같은 사업을 하고 있습니다."}
    client.put(url(proposal), json=body, headers=reviewer.headers)
    assert client.get("/api/v1/me/notices", headers=stranger.headers).json["items"] == []
    newest = client.get("/api/v1/me/notices", headers=author.headers).json["items"][0]
    assert newest["kind"] == "proposal_rejected"


def test_the_decision_is_on_the_chain_of_the_local_government(
    client: FlaskClient, session: Session, author: Person, reviewer: Person
) -> None:
    proposal = make_submitted(session, author.account)
    client.put(url(proposal), json=ADOPTED, headers=reviewer.headers)
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "review.decided")).one()
    government = local_government_organization(session, "11140")
    assert event.chain == str(government.id)
    assert event.actor_id == reviewer.account.id
    assert event.facts["outcome"] == "adopted"
    assert REASON not in event.data
    assert verify(session, chain=event.chain) == []


@pytest.mark.parametrize("outcome", ["adopted", "rejected", "supplement_requested"])
def test_only_the_competent_local_government_decides(
    client: FlaskClient,
    session: Session,
    author: Person,
    stranger: Person,
    reviewer_elsewhere: Person,
    outcome: str,
) -> None:
    proposal = make_submitted(session, author.account)
    body = {"outcome": outcome, "reason": REASON}
    for person in (author, stranger, reviewer_elsewhere):
        answer = client.put(url(proposal), json=body, headers=person.headers)
        assert (answer.status_code, answer.json["code"]) == (403, "permission_denied")
    assert client.put(url(proposal), json=body).status_code == 401
    assert session.scalar(select(func.count()).select_from(Decision)) == 0


def test_a_manager_decides_like_a_reviewer(
    client: FlaskClient, session: Session, author: Person, sign_in: Any
) -> None:
    proposal = make_submitted(session, author.account)
    manager = make_reviewer(session, "11140", role=Role.MANAGER)
    answer = client.put(url(proposal), json=ADOPTED, headers=sign_in(manager.email))
    assert answer.status_code == 200


def test_nobody_decides_about_their_own_proposal(
    client: FlaskClient, session: Session, reviewer: Person
) -> None:
    register_home = register(session, residence=CITY_HALL_EMD)
    mine = make_submitted(session, register_home)
    mine.author_id = reviewer.account.id
    session.commit()
    answer = client.put(url(mine), json=ADOPTED, headers=reviewer.headers)
    assert (answer.status_code, answer.json["code"]) == (403, "own_proposal_not_decidable")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "outcome"),
        ({"outcome": "adopted"}, "reason"),
        ({"outcome": "adopted", "reason": ""}, "reason"),
        ({"outcome": "adopted", "reason": "          "}, "reason"),
        ({"outcome": "adopted", "reason": "짧은 이유"}, "reason"),
        ({"outcome": "adopted", "reason": "가" * 2001}, "reason"),
        ({"outcome": "ignored", "reason": REASON}, "outcome"),
        ({"outcome": "transferred", "reason": REASON}, "transfer_to"),
        ({"outcome": "adopted", "reason": REASON, "transfer_to": "26110"}, "transfer_to"),
        ({"outcome": "transferred", "reason": REASON, "transfer_to": "11140"}, "transfer_to"),
        ({"outcome": "transferred", "reason": REASON, "transfer_to": "99999"}, "transfer_to"),
        ({"outcome": "transferred", "reason": REASON, "transfer_to": "Busan"}, "transfer_to"),
        ({"outcome": "adopted", "reason": REASON, "score": 5}, "score"),
    ],
)
def test_a_bad_decision_is_explained_and_nothing_is_written(
    client: FlaskClient,
    session: Session,
    author: Person,
    reviewer: Person,
    body: dict[str, object],
    field: str,
) -> None:
    proposal = make_submitted(session, author.account)
    notices = session.scalar(select(func.count()).select_from(Notice))
    answer = client.put(url(proposal), json=body, headers=reviewer.headers)
    assert answer.status_code == 422
    assert f"json.{field}" in answer.json["errors"]
    assert session.scalar(select(func.count()).select_from(Decision)) == 0
    assert session.scalar(select(func.count()).select_from(ProposalEvent)) == 1
    assert session.scalar(select(func.count()).select_from(Notice)) == notices
    session.refresh(proposal)
    assert proposal.status == "submitted"


@pytest.mark.parametrize("first", ["adopted", "rejected"])
def test_a_decision_stands(
    client: FlaskClient, session: Session, author: Person, reviewer: Person, first: str
) -> None:
    proposal = make_decided(session, author.account, outcome=first)
    body = {"outcome": "rejected", "reason": "다시 생각해 보니 어렵습니다."}
    answer = client.put(url(proposal), json=body, headers=reviewer.headers)
    assert (answer.status_code, answer.json["code"]) == (409, "review_closed")


def test_the_same_decision_again_is_the_same_decision(
    client: FlaskClient, session: Session, author: Person, reviewer: Person
) -> None:
    proposal = make_submitted(session, author.account)
    first = client.put(url(proposal), json=ADOPTED, headers=reviewer.headers)
    second = client.put(url(proposal), json=ADOPTED, headers=reviewer.headers)
    assert second.status_code == 200
    assert second.json == first.json
    assert session.scalar(select(func.count()).select_from(Decision)) == 1


def test_a_supplement_comes_back_and_is_decided(
    client: FlaskClient, session: Session, author: Person, reviewer: Person, clock: Clock
) -> None:
    proposal = make_submitted(session, author.account)
    asked = {"outcome": "supplement_requested", "reason": "장소를 더 자세히 적어 주세요."}
    assert client.put(url(proposal), json=asked, headers=reviewer.headers).status_code == 200
    early = client.put(url(proposal), json=ADOPTED, headers=reviewer.headers)
    assert (early.status_code, early.json["code"]) == (409, "invalid_transition")
    path = f"/api/v1/proposals/{proposal.id}"
    clock.move(minutes=2)
    client.patch(path, json={"problem": "정문 앞 골목입니다."}, headers=author.headers | AS_IT_IS)
    client.post(f"{path}/submission", headers=author.headers)
    again = client.put(url(proposal), json=asked, headers=reviewer.headers)
    assert again.status_code == 200, "a second request after the first was answered is a new one"
    assert session.scalar(select(func.count()).select_from(Decision)) == 2
    clock.move(minutes=2)
    client.post(f"{path}/submission", headers=author.headers)
    clock.move(minutes=2)
    assert client.put(url(proposal), json=ADOPTED, headers=reviewer.headers).status_code == 200
    kinds = [event["kind"] for event in client.get(f"{path}/events").json["items"]]
    assert kinds == [
        "submitted",
        "supplement_requested",
        "resubmitted",
        "supplement_requested",
        "resubmitted",
        "adopted",
    ]


def test_when_no_supplement_comes_the_office_may_end_it(
    client: FlaskClient, session: Session, author: Person, reviewer: Person
) -> None:
    proposal = make_decided(session, author.account, outcome="supplement_requested")
    body = {"outcome": "rejected", "reason": "기한까지 보완이 없어 종결합니다."}
    assert client.put(url(proposal), json=body, headers=reviewer.headers).status_code == 200


def test_a_transfer_hands_everything_to_the_other_local_government(
    client: FlaskClient,
    session: Session,
    author: Person,
    reviewer: Person,
    reviewer_elsewhere: Person,
    clock: Clock,
) -> None:
    proposal = make_submitted(session, author.account)
    body = {
        "outcome": "transferred",
        "reason": "부산 중구 소관입니다. 옮깁니다.",
        "transfer_to": "26110",
    }
    assert client.put(url(proposal), json=body, headers=reviewer.headers).status_code == 200
    shown = client.get(f"/api/v1/proposals/{proposal.id}").json
    assert shown["status"] == "submitted"
    assert shown["place"]["local_government"]["code"] == "26110"
    assert shown["place"]["emd"]["code"] == CITY_HALL_EMD, "the place itself has not moved"
    newest = client.get("/api/v1/me/notices", headers=author.headers).json["items"][0]
    assert newest["kind"] == "proposal_transferred"
    assert "부산광역시 중구" in newest["text"] or "중구" in newest["text"]
    assert client.put(url(proposal), json=ADOPTED, headers=reviewer.headers).status_code == 403
    clock.move(minutes=2)
    decided = client.put(url(proposal), json=ADOPTED, headers=reviewer_elsewhere.headers)
    assert decided.status_code == 200
    states = {
        review.local_government_code: review.state for review in session.scalars(select(Review))
    }
    assert states == {"11140": "transferred", "26110": "adopted"}


def test_two_reviewers_at_once_make_one_decision(committed_app: Flask) -> None:
    with committed_app.app_context():
        proposal = make_submitted(db.session())
        address, proposal_id = url(proposal), proposal.id
        emails = [make_reviewer(db.session(), "11140").email for _ in range(2)]
    bodies = [ADOPTED, {"outcome": "rejected", "reason": "예산과 맞지 않아 어렵습니다."}]
    answers = _at_once(committed_app, address, emails, bodies)
    assert sorted(status for status, _ in answers) == [200, 409]
    assert [code for status, code in answers if status == 409] == ["review_closed"]
    with committed_app.app_context():
        session = db.session()
        decision = session.scalars(select(Decision)).one()
        assert session.get_one(Proposal, proposal_id).status == decision.outcome
        decided = select(func.count()).where(AuditEvent.action == "review.decided")
        assert session.scalar(decided) == 1
        told = select(func.count()).where(
            Notice.kind.in_(["proposal_adopted", "proposal_rejected"])
        )
        assert session.scalar(told) == 1


def test_a_transfer_and_a_decision_at_once_are_one(committed_app: Flask) -> None:
    with committed_app.app_context():
        proposal = make_submitted(db.session())
        address = url(proposal)
        local_government_organization(db.session(), "26110")
        emails = [make_reviewer(db.session(), "11140").email for _ in range(2)]
    bodies = [
        ADOPTED,
        {
            "outcome": "transferred",
            "reason": "부산 중구 소관으로 보입니다.",
            "transfer_to": "26110",
        },
    ]
    answers = _at_once(committed_app, address, emails, bodies)
    assert sorted(status for status, _ in answers) == [200, 409]
    with committed_app.app_context():
        assert db.session().scalar(select(func.count()).select_from(Decision)) == 1


def _at_once(
    app: Flask, address: str, emails: list[str], bodies: list[dict[str, str]]
) -> list[tuple[int, str | None]]:
    """Send one decision per reviewer, all under way before any can finish.

    A transaction of the test's own holds the proposal until everybody waits in the database.
    """
    tokens = [
        app.test_client()
        .post("/api/v1/sessions", json={"email": email, "password": PASSWORD})
        .json["access_token"]
        for email in emails
    ]

    def send(token: str, body: dict[str, str]) -> tuple[int, str | None]:
        answer = app.test_client().put(
            address, json=body, headers={"Authorization": f"Bearer {token}"}
        )
        return answer.status_code, answer.json.get("code")

    with app.app_context():
        engine = db.engines[None]
    with ThreadPoolExecutor(max_workers=len(tokens)) as pool, engine.connect() as holder:
        holder.execute(select(Proposal.id).with_for_update())
        sent = [pool.submit(send, *request) for request in zip(tokens, bodies, strict=True)]
        _wait_for_waiters(engine, len(sent))
        holder.rollback()
        return [future.result() for future in sent]


def _wait_for_waiters(engine: Engine, number: int) -> None:
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as observer:
        for _ in range(400):
            if observer.scalar(waiting) == number:
                return
            sleep(0.002)
    raise AssertionError("the requests never met")


def test_an_unknown_proposal_cannot_be_decided(client: FlaskClient, reviewer: Person) -> None:
    unknown = UUID("0190f1d2-0000-7000-8000-000000000000")
    answer = client.put(
        f"/api/v1/proposals/{unknown}/decision", json=ADOPTED, headers=reviewer.headers
    )
    assert (answer.status_code, answer.json["code"]) == (404, "proposal_not_found")
