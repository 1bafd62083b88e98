"""Hashing: the same work for everybody, and never more at once than the machine bears."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, BrokenBarrierError, Lock
from typing import Any

import pytest
from argon2 import PasswordHasher, extract_parameters
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from backend.accounts import admission, passwords
from backend.accounts.models import Account
from backend.db import db
from tests.support.people import PASSWORD, register

SESSIONS = "/api/v1/sessions"


class Watched:
    """Stands in for the hasher: notes each hash that is verified, and how many at once."""

    def __init__(self, hasher: PasswordHasher) -> None:
        self._hasher = hasher
        self._lock = Lock()
        self.verified: list[str] = []
        self.at_once = self.most_at_once = 0
        self.barrier: Barrier | None = None

    def verify(self, password_hash: str, password: str) -> bool:
        with self._lock:
            self.verified.append(password_hash)
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            if self.barrier is not None:
                self.barrier.wait()
                return True
            return self._hasher.verify(password_hash, password)
        finally:
            with self._lock:
                self.at_once -= 1


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> Iterator[Watched]:
    """The hasher, watched."""
    hasher = Watched(passwords._hasher)
    monkeypatch.setattr(passwords, "_hasher", hasher)
    return hasher


def enter(client: FlaskClient, email: str, password: str) -> Any:
    return client.post(SESSIONS, json={"email": email, "password": password})


def test_an_unknown_address_costs_what_a_wrong_password_does(
    client: FlaskClient, session: Session, watched: Watched
) -> None:
    email = register(session).email
    answers = [enter(client, email, "wrong password"), enter(client, "no@example.com", PASSWORD)]
    assert answers[0].json == answers[1].json
    assert {answer.status_code for answer in answers} == {401}
    known, unknown = watched.verified
    assert known != unknown
    assert extract_parameters(known) == extract_parameters(unknown)


def test_a_closed_account_costs_the_same_and_says_the_same(
    client: FlaskClient, session: Session, watched: Watched
) -> None:
    account = register(session)
    account.disabled_at = account.created_at
    session.commit()
    answers = [enter(client, account.email, PASSWORD), enter(client, "no@example.com", PASSWORD)]
    assert answers[0].json == answers[1].json
    assert len(watched.verified) == 2


def test_new_hashes_have_the_parameters_that_were_decided() -> None:
    found = extract_parameters(passwords.hash_password("ten letters!"))
    assert (found.type.name, found.time_cost, found.memory_cost, found.parallelism) == (
        "ID",
        2,
        19 * 1024,
        1,
    )


def test_two_are_hashed_at_once_and_no_third(watched: Watched) -> None:
    watched.barrier = Barrier(2, timeout=30)
    with ThreadPoolExecutor(8) as threads:
        results = list(
            threads.map(lambda _: passwords.password_matches(PASSWORD, "hash"), range(8))
        )
    assert results == [True] * 8
    assert watched.most_at_once == 2


def test_a_failing_hasher_gives_its_place_back(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> bool:
        raise BrokenBarrierError

    monkeypatch.setattr(watched, "verify", fail)
    for _ in range(5):
        with pytest.raises(BrokenBarrierError):
            passwords.password_matches(PASSWORD, "hash")


def test_a_password_that_is_changed_while_it_is_hashed_opens_nothing(
    client: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    email = register(session).email
    changed = update(Account).values(password_hash="another")

    def change_meanwhile(*_: object) -> bool:
        # What the session has read stays as it was, as if another had written.
        db.session.execute(changed, execution_options={"synchronize_session": False})
        return True

    monkeypatch.setattr(admission, "password_matches", change_meanwhile)
    assert enter(client, email, PASSWORD).json["code"] == "credentials_invalid"
