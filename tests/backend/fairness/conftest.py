"""Fixtures of fairness: a published round, and how the reader asks about it."""

import pytest
from sqlalchemy.orm import Session

from tests.backend.fairness.rounds import Played, play


@pytest.fixture
def played(session: Session) -> Played:
    """A published round with a product that was placed, one refused, and one nobody asked for."""
    return play(session)
