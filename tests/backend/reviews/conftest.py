"""Fixtures of the reviews: an author, the office here, an office elsewhere, a stranger."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from sqlalchemy.orm import Session

from backend.accounts.models import Account
from tests.support.people import CITY_HALL_EMD, make_reviewer, register

SignIn = Callable[..., dict[str, str]]
Headers = dict[str, str]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is signed in."""

    account: Account
    headers: Headers


@pytest.fixture
def author(session: Session, sign_in: SignIn) -> Person:
    """Somebody who lives at City Hall."""
    return _person(register(session, residence=CITY_HALL_EMD), sign_in)


@pytest.fixture
def stranger(session: Session, sign_in: SignIn) -> Person:
    """A citizen who has nothing to do with it."""
    return _person(register(session), sign_in)


@pytest.fixture
def reviewer(session: Session, sign_in: SignIn) -> Person:
    """A reviewer of 서울특별시 중구, which City Hall lies in."""
    return _person(make_reviewer(session, "11140"), sign_in)


@pytest.fixture
def reviewer_elsewhere(session: Session, sign_in: SignIn) -> Person:
    """A reviewer of 부산광역시 중구."""
    return _person(make_reviewer(session, "26110"), sign_in)


def _person(account: Account, sign_in: SignIn) -> Person:
    return Person(account, sign_in(account.email))
