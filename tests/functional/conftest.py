"""Fixtures of the journeys."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.conftest import Clock
from tests.functional.kit import Country
from tests.support.people import make_officer


@pytest.fixture
def country(client: FlaskClient, clock: Clock, session: Session) -> Country:
    """The whole country with two officers of the procurement service."""
    return Country(client, clock, (make_officer(session).email, make_officer(session).email))
