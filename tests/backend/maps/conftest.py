"""The published round that the tests of maps look at."""

import pytest
from sqlalchemy.orm import Session

from tests.support.maps import PublishedRound, make_published_round


@pytest.fixture
def published(session: Session) -> PublishedRound:
    """A round with two placements, one of them abroad, and two proposals."""
    return make_published_round(session)
