"""Fixtures of the catalogue: the headers of an officer and of a citizen."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from tests.support.people import make_officer, register

SignIn = Callable[..., dict[str, str]]
Headers = dict[str, str]


@pytest.fixture
def officer(session: Session, sign_in: SignIn) -> Headers:
    """An officer of the procurement service who is signed in."""
    return sign_in(make_officer(session).email)


@pytest.fixture
def citizen(session: Session, sign_in: SignIn) -> Headers:
    """A citizen who is signed in."""
    return sign_in(register(session).email)
