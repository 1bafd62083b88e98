"""Fixtures of proposals: a storage of the test's own, who writes, somebody else, the office."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from backend.accounts.models import Account
from backend.files.place import EXTENSION
from backend.files.storage import Storage, disk_storage
from backend.proposals.models import Proposal
from tests.support.people import CITY_HALL_EMD, make_reviewer, register
from tests.support.proposals import make_draft

SignIn = Callable[..., dict[str, str]]


@pytest.fixture
def storage(app: Flask, tmp_path: Path) -> Iterator[Storage]:
    """The application's storage, empty and gone after the test."""
    before = app.extensions.get(EXTENSION)
    app.extensions[EXTENSION] = disk_storage(tmp_path)
    yield app.extensions[EXTENSION]
    app.extensions[EXTENSION] = before


@pytest.fixture
def draft(session: Session, storage: Storage) -> Proposal:
    """A complete draft, and somewhere for its photos."""
    return make_draft(session, register(session, email="min@example.com", residence=CITY_HALL_EMD))


@pytest.fixture
def by_author(draft: Proposal, sign_in: SignIn) -> dict[str, str]:
    """The headers of the draft's author."""
    return sign_in("min@example.com")


@pytest.fixture
def somebody(session: Session, sign_in: SignIn) -> dict[str, str]:
    """The headers of somebody else."""
    return sign_in(register(session).email)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is signed in."""

    account: Account
    headers: dict[str, str]


@pytest.fixture
def newcomer(session: Session, sign_in: SignIn) -> Callable[[str], Person]:
    """Return a function: a name -> somebody new who is called that, and lives at City Hall."""

    def make(display_name: str) -> Person:
        account = register(session, display_name=display_name, residence=CITY_HALL_EMD)
        return Person(account, sign_in(account.email))

    return make


@pytest.fixture
def writer(newcomer: Callable[[str], Person]) -> Person:
    """Somebody who writes proposals."""
    return newcomer("처음이")


@pytest.fixture
def friend(newcomer: Callable[[str], Person]) -> Person:
    """Somebody whom the writer invites."""
    return newcomer("동무")


@pytest.fixture
def passer_by(newcomer: Callable[[str], Person]) -> Person:
    """Somebody who has nothing to do with it."""
    return newcomer("행인")


@pytest.fixture
def reviewer(session: Session, sign_in: SignIn) -> Person:
    """A reviewer of 서울특별시 중구, which City Hall lies in."""
    account = make_reviewer(session, "11140")
    return Person(account, sign_in(account.email))


@pytest.fixture
def reviewer_elsewhere(session: Session, sign_in: SignIn) -> Person:
    """A reviewer of 부산광역시 중구."""
    account = make_reviewer(session, "26110")
    return Person(account, sign_in(account.email))
