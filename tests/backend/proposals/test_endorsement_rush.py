"""Fifty at the same moment against the served application: the count is exact."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from http.client import HTTPConnection

import pytest
from flask import Flask
from sqlalchemy import func, select

from backend import clock
from backend.accounts.models import Account
from backend.accounts.tokens import issue_access_token
from backend.audit.models import AuditEvent
from backend.db import db
from backend.proposals.models import Endorsement, Proposal
from tests.support.people import make_sign_in, register
from tests.support.proposals import make_submitted
from tests.support.server import running_server

MANY = 50
TRIES = 50


class Crowd:
    """People with tokens before one proposal that is served on a port."""

    def __init__(self, app: Flask, base: str) -> None:
        self._app = app
        self._address = base.removeprefix("http://")
        with app.app_context():
            self.proposal_id = make_submitted(db.session()).id
            accounts = [register(db.session()) for _ in range(MANY)]
            self.tokens = [self._token(account) for account in accounts]

    def at_once(self, method: str, tokens: list[str]) -> list[int]:
        """Send one request with each token, all at the same moment, and return the answers."""
        gate = threading.Barrier(len(tokens))

        def send(token: str) -> int:
            gate.wait()
            return self._until_answered(method, token)

        with ThreadPoolExecutor(len(tokens)) as threads:
            return list(threads.map(send, tokens))

    def counts(self) -> tuple[int, int, int]:
        """Return what is counted, the rows, and what the audit says of beginnings less ends."""
        with self._app.app_context():
            session = db.session()
            proposal = session.get_one(Proposal, self.proposal_id)
            rows = session.scalar(select(func.count()).select_from(Endorsement)) or 0
            begun, ended = (
                session.scalar(select(func.count()).where(AuditEvent.action == action)) or 0
                for action in ("proposal.endorsed", "proposal.endorsement_withdrawn")
            )
            return proposal.endorsement_count, rows, begun - ended

    def _until_answered(self, method: str, token: str) -> int:
        """Try again as a client does that is told to."""
        status = 0
        for _ in range(TRIES):
            connection = HTTPConnection(self._address, timeout=30)
            connection.request(
                method,
                f"/api/v1/proposals/{self.proposal_id}/endorsement",
                headers={"Authorization": f"Bearer {token}"},
            )
            answer = connection.getresponse()
            answer.read()
            status, again = answer.status, answer.headers.get("Retry-After")
            connection.close()
            if again is None:
                break
        return status

    def _token(self, account: Account) -> str:
        config = self._app.config
        caller = make_sign_in(db.session(), account)
        return issue_access_token(
            caller.account_id,
            caller.sign_in_id,
            secret=config["SECRET_KEY"],
            issuer=config["ISSUER"],
            now=clock.now(),
            life=timedelta(minutes=15),
        )


@pytest.fixture
def crowd(committed_app: Flask) -> Iterator[Crowd]:
    """Fifty people before a proposal."""
    with running_server(committed_app.config["SQLALCHEMY_DATABASE_URI"]) as base:
        yield Crowd(committed_app, base)


def test_fifty_people_at_once_are_fifty_endorsements(crowd: Crowd) -> None:
    assert crowd.at_once("PUT", crowd.tokens) == [200] * MANY
    assert crowd.counts() == (MANY, MANY, MANY)
    assert crowd.at_once("DELETE", crowd.tokens[:20]) == [200] * 20
    assert crowd.counts() == (30, 30, 30)


def test_one_person_fifty_times_at_once_is_one_endorsement(crowd: Crowd) -> None:
    assert crowd.at_once("PUT", crowd.tokens[:1] * MANY) == [200] * MANY
    assert crowd.counts() == (1, 1, 1)
    assert crowd.at_once("DELETE", crowd.tokens[:1] * MANY) == [200] * MANY
    assert crowd.counts() == (0, 0, 0)
