"""Fixtures of merges: one proposal received first, and one that says the same later."""

import pytest
from sqlalchemy.orm import Session

from backend.proposals.models import Proposal
from tests.backend.reviews.conftest import Person
from tests.backend.reviews.merges.merging import FIRST, LATER
from tests.support.proposals import make_submitted


@pytest.fixture
def first(session: Session) -> Proposal:
    """The proposal that was received first."""
    return make_submitted(session, now=FIRST, title="먼저 낸 제안")


@pytest.fixture
def later(session: Session, author: Person) -> Proposal:
    """One that says the same and was received later."""
    return make_submitted(session, author.account, now=LATER, title="나중에 낸 제안")
