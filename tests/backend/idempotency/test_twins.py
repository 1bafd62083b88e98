"""Twins of one request at the same time, with real commits: the work is done once."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from backend.audit.models import AuditEvent
from backend.db import db, unit_of_work
from backend.idempotency import service
from backend.idempotency.models import KeptAnswer
from backend.idempotency.tasks import forget_old_answers
from backend.proposals.models import Proposal
from tests.support.people import PASSWORD, register

URL = "/api/v1/proposals"
KEY = {"Idempotency-Key": "twin"}
DRAFT = {"category": "safety", "title": "골목길 비상벨"}
TWINS = 50


@pytest.fixture
def author(committed_app: Flask) -> dict[str, str]:
    """The headers of a citizen with a key."""
    with committed_app.app_context(), unit_of_work() as session:
        facts = {"email": register(session).email, "password": PASSWORD}
    pair = committed_app.test_client().post("/api/v1/sessions", json=facts).json
    return {"Authorization": f"Bearer {pair['access_token']}"} | KEY


def drafted(app: Flask) -> tuple[int, int]:
    """Return how many drafts there are, and how many audit events tell of one."""
    events = select(func.count()).where(AuditEvent.action == "proposal.drafted")
    with app.app_context():
        proposals = db.session.scalar(select(func.count()).select_from(Proposal)) or 0
        return proposals, db.session.scalar(events) or 0


def test_fifty_twins_make_one_proposal(committed_app: Flask, author: dict[str, str]) -> None:
    barrier = Barrier(TWINS)

    def send(_: int) -> tuple[int, str | None, bytes]:
        barrier.wait()
        for _try in range(200):
            answer = committed_app.test_client().post(URL, json=DRAFT, headers=author)
            if answer.status_code not in (409, 503):
                break
            assert answer.headers["Retry-After"]
        return answer.status_code, answer.headers.get("Idempotency-Replayed"), answer.data

    with ThreadPoolExecutor(TWINS) as threads:
        answers = list(threads.map(send, range(TWINS)))
    assert Counter((status, replayed) for status, replayed, _ in answers) == {
        (201, None): 1,
        (201, "true"): TWINS - 1,
    }
    assert len({body for *_, body in answers}) == 1
    assert drafted(committed_app) == (1, 1)


def test_a_twin_is_told_at_once_to_come_back(committed_app: Flask, author: dict[str, str]) -> None:
    client = committed_app.test_client()
    account_id = UUID(client.get("/api/v1/me", headers=author).json["id"])
    asked = service.KeyedRequest(account_id, "twin", bytes(32))
    with committed_app.app_context():
        engine = db.engines[None]
    with engine.begin() as connection:
        connection.execute(select(func.pg_advisory_xact_lock(asked.lock)))
        answer = committed_app.test_client().post(URL, json=DRAFT, headers=author)
    assert (answer.status_code, answer.json["code"]) == (409, "request_under_way")
    assert answer.headers["Retry-After"] == "1"
    assert drafted(committed_app) == (0, 0)


def test_an_answer_that_was_lost_is_given_again(
    committed_app: Flask, author: dict[str, str]
) -> None:
    committed_app.test_client().post(URL, json=DRAFT, headers=author)
    again = committed_app.test_client().post(URL, json=DRAFT, headers=author)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert drafted(committed_app) == (1, 1)
    shown = committed_app.test_client().get(
        f"/api/v1/me/proposals/{again.json['id']}", headers=author
    )
    assert shown.json == again.json


def test_a_write_whose_answer_cannot_be_kept_did_not_happen(
    committed_app: Flask, author: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as broken:
        broken.setattr(service, "keep", fail)
        assert committed_app.test_client().post(URL, json=DRAFT, headers=author).status_code == 500
    assert drafted(committed_app) == (0, 0)
    assert committed_app.test_client().post(URL, json=DRAFT, headers=author).status_code == 201


def test_the_hourly_job_clears_more_than_one_transaction_takes(
    committed_app: Flask, author: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = committed_app.test_client()
    for number in range(5):
        client.post(URL, json=DRAFT, headers=author | {"Idempotency-Key": str(number)})
    with committed_app.app_context(), unit_of_work() as session:
        for kept in session.scalars(select(KeptAnswer)):
            kept.kept_at -= service.KEPT_FOR
    for module in ("service", "tasks"):
        monkeypatch.setattr(f"backend.idempotency.{module}.FORGOTTEN_AT_ONCE", 2)
    with committed_app.app_context():
        forget_old_answers()
        assert db.session.scalar(select(func.count()).select_from(KeptAnswer)) == 0
