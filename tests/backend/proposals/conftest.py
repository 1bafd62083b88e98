"""Fixtures of the proposals: who writes one, somebody else, and the office here."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from sqlalchemy.orm import Session

from backend.accounts.models import Account
from tests.support.people import CITY_HALL_EMD, make_reviewer, register

SignIn = Callable[..., dict[str, str]]


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
