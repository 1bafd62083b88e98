"""Fixtures of the journeys."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from backend.files.place import EXTENSION
from backend.files.storage import Storage, disk_storage
from tests.conftest import Clock
from tests.functional.kit import Country
from tests.support.people import make_officer


@pytest.fixture
def country(client: FlaskClient, clock: Clock, session: Session) -> Country:
    """The whole country with two officers of the procurement service."""
    return Country(client, clock, (make_officer(session).email, make_officer(session).email))


@pytest.fixture
def storage(app: Flask, tmp_path: Path) -> Iterator[Storage]:
    """The application's storage, empty and gone after the test."""
    before = app.extensions.get(EXTENSION)
    app.extensions[EXTENSION] = disk_storage(tmp_path)
    yield app.extensions[EXTENSION]
    app.extensions[EXTENSION] = before
