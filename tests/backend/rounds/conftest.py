"""Fixtures of the rounds: officers, an auditor, a citizen, and an institution with an applicant."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from sqlalchemy.orm import Session

from backend.accounts.models import Account
from backend.organizations.models import Institution
from tests.support.people import (
    make_applicant,
    make_auditor,
    make_institution,
    make_officer,
    register,
)

SignIn = Callable[..., dict[str, str]]
Headers = dict[str, str]


@dataclass(frozen=True, slots=True)
class Applicant:
    """An institution with somebody who applies for it and is signed in."""

    institution: Institution
    account: Account
    headers: Headers


@pytest.fixture
def officer(session: Session, sign_in: SignIn) -> Headers:
    """An officer of the procurement service who is signed in."""
    return sign_in(make_officer(session).email)


@pytest.fixture
def second_officer(session: Session, sign_in: SignIn) -> Headers:
    """Another officer who is signed in."""
    return sign_in(make_officer(session).email)


@pytest.fixture
def auditor(session: Session, sign_in: SignIn) -> Headers:
    """An auditor who is signed in."""
    return sign_in(make_auditor(session).email)


@pytest.fixture
def citizen(session: Session, sign_in: SignIn) -> Headers:
    """A citizen who is signed in."""
    return sign_in(register(session).email)


@pytest.fixture
def applicant(session: Session, sign_in: SignIn) -> Applicant:
    """The health centre of 서울특별시 중구, and who applies for it."""
    institution = make_institution(session)
    account = make_applicant(session, institution)
    return Applicant(institution, account, sign_in(account.email))
