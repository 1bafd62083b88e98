"""Backing a proposal: once per person, counted exactly, whoever comes at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.db import db
from backend.proposals.models import Endorsement, Proposal
from tests.support.people import CITY_HALL_EMD, PASSWORD, register
from tests.support.proposals import make_decided, make_draft, make_submitted

SignIn = Callable[..., dict[str, str]]


def url(proposal: Proposal) -> str:
    """Return where a proposal is endorsed."""
    return f"/api/v1/proposals/{proposal.id}/endorsement"


def test_an_endorsement_counts_once_and_can_be_taken_back(
    client: FlaskClient, session: Session, sign_in: SignIn
) -> None:
    proposal = make_submitted(session)
    headers = sign_in(register(session).email)
    steps = [
        client.open(url(proposal), method=method, headers=headers).json
        for method in ("PUT", "PUT", "DELETE", "DELETE")
    ]
    assert steps == [
        {"endorsed": True, "endorsement_count": 1},
        {"endorsed": True, "endorsement_count": 1},
        {"endorsed": False, "endorsement_count": 0},
        {"endorsed": False, "endorsement_count": 0},
    ]


def test_nobody_endorses_their_own_proposal(
    client: FlaskClient, session: Session, sign_in: SignIn
) -> None:
    author = register(session, residence=CITY_HALL_EMD)
    proposal = make_submitted(session, author)
    answer = client.put(url(proposal), headers=sign_in(author.email))
    assert (answer.status_code, answer.json["code"]) == (403, "own_proposal_not_endorsable")


@pytest.mark.parametrize(
    ("outcome", "status"), [("adopted", 200), ("rejected", 409), ("supplement_requested", 409)]
)
def test_only_what_is_under_review_or_adopted_is_endorsed(
    client: FlaskClient, session: Session, sign_in: SignIn, outcome: str, status: int
) -> None:
    proposal = make_decided(session, outcome=outcome)
    answer = client.put(url(proposal), headers=sign_in(register(session).email))
    assert answer.status_code == status
    if status == 409:
        assert answer.json["code"] == "proposal_not_endorsable"


def test_endorsing_needs_an_account(client: FlaskClient, session: Session) -> None:
    assert client.put(url(make_submitted(session))).status_code == 401
    assert client.put(url(make_draft(session))).status_code == 404


def test_twenty_people_and_their_repeats_are_counted_once_each(committed_app: Flask) -> None:
    with committed_app.app_context():
        proposal = make_submitted(db.session())
        address, proposal_id = url(proposal), proposal.id
        emails = [register(db.session()).email for _ in range(10)]
    tokens = [_sign_in(committed_app, email) for email in emails]

    def endorse(token: str) -> int:
        client = committed_app.test_client()
        answer = client.put(address, headers={"Authorization": f"Bearer {token}"})
        return answer.status_code

    with ThreadPoolExecutor(max_workers=7) as pool:
        statuses = list(pool.map(endorse, tokens * 2))
    assert statuses == [200] * 20
    assert _counts(committed_app, proposal_id) == (10, 10)


def test_one_person_twenty_times_at_once_counts_once(committed_app: Flask) -> None:
    with committed_app.app_context():
        proposal = make_submitted(db.session())
        address, proposal_id = url(proposal), proposal.id
        email = register(db.session()).email
    token = _sign_in(committed_app, email)

    def endorse(_: int) -> int:
        client = committed_app.test_client()
        return client.put(address, headers={"Authorization": f"Bearer {token}"}).status_code

    with ThreadPoolExecutor(max_workers=7) as pool:
        assert list(pool.map(endorse, range(20))) == [200] * 20
    assert _counts(committed_app, proposal_id) == (1, 1)


def _sign_in(app: Flask, email: str) -> str:
    answer = app.test_client().post("/api/v1/sessions", json={"email": email, "password": PASSWORD})
    assert answer.status_code == 201, answer.text
    token: str = answer.json["access_token"]
    return token


def _counts(app: Flask, proposal_id: UUID) -> tuple[int, int | None]:
    with app.app_context():
        session = db.session()
        rows = session.scalar(select(func.count()).select_from(Endorsement))
        return session.get_one(Proposal, proposal_id).endorsement_count, rows
