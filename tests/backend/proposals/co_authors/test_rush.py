"""Many who hold one token at the same moment: it works once."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask import Flask
from sqlalchemy import func, select

from backend import clock
from backend.db import db, unit_of_work
from backend.proposals.co_authors.invitations import invite_co_author
from backend.proposals.co_authors.models import CoAuthor
from tests.support.people import PASSWORD, register
from tests.support.proposals import make_draft

MANY = 10


def test_one_of_many_with_one_token_becomes_a_co_author(committed_app: Flask) -> None:
    with committed_app.app_context():
        proposal = make_draft(db.session())
        emails = [register(db.session()).email for _ in range(MANY)]
        with unit_of_work() as session:
            token = invite_co_author(
                session, proposal_id=proposal.id, actor_id=proposal.author_id, now=clock.now()
            ).token
    bearers = [_sign_in(committed_app, email) for email in emails]
    gate = Barrier(MANY)

    def accept(bearer: str) -> int:
        gate.wait()
        return (
            committed_app.test_client()
            .post(
                "/api/v1/co-author-invitations/acceptance",
                json={"token": token},
                headers={"Authorization": bearer},
            )
            .status_code
        )

    with ThreadPoolExecutor(MANY) as threads:
        answers = Counter(threads.map(accept, bearers))
    assert answers == {200: 1, 410: MANY - 1}
    with committed_app.app_context():
        assert db.session.scalar(select(func.count()).select_from(CoAuthor)) == 1


def _sign_in(app: Flask, email: str) -> str:
    answer = app.test_client().post("/api/v1/sessions", json={"email": email, "password": PASSWORD})
    return f"Bearer {answer.json['access_token']}"
