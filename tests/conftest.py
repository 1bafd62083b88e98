"""Fixtures of all tests: the application on real PostGIS, and a savepoint per test."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from backend.app import create_app
from backend.db import db
from geo.boundaries import country_layer
from tests.support import databases
from tests.support.incheon import load_incheon

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
"""The time of the tests: noon of a Monday in Seoul."""

db.session.session_factory.configure(join_transaction_mode="create_savepoint")


class Clock:
    """A clock that stands still until a test moves it."""

    def __init__(self) -> None:
        self.time = NOW

    def __call__(self) -> datetime:
        return self.time

    def move(self, **delta: float) -> datetime:
        """Let time pass, such as ``days=3``."""
        self.time += timedelta(**delta)
        return self.time


@pytest.fixture(scope="session")
def template() -> str:
    """Name of the template database: migrated, with the whole country loaded."""
    return databases.ensure_template()


@pytest.fixture(scope="session")
def app(template: str) -> Iterator[Flask]:
    """The application on this worker's own database."""
    with databases.copy_of(template) as url:
        yield from _served(url)


@pytest.fixture
def committed_app(template: str) -> Iterator[Flask]:
    """An application on a database of its own, for tests that need real commits."""
    with databases.copy_of(template) as url:
        yield from _served(url)


@pytest.fixture(scope="session")
def incheon(template: str) -> Iterator[str]:
    """Name of a database in which the change of Incheon waits as a validated generation."""
    with databases.copy_of(template, "dongne_incheon") as url:
        load_incheon(url, country_layer(databases.ROOT / "var" / "boundaries"), split_sicheon=True)
        yield url.rsplit("/", 1)[-1].split("?")[0]


@pytest.fixture
def incheon_app(incheon: str) -> Iterator[Flask]:
    """An application on a database of its own, in which the change of Incheon waits."""
    with databases.copy_of(incheon) as url:
        yield from _served(url)


@pytest.fixture
def fresh_database_url() -> Iterator[str]:
    """The URL of an empty database."""
    with databases.copy_of(None) as url:
        yield url


def application(url: str, settings: dict[str, Any] | None = None) -> Flask:
    """Return the application on a database."""
    given = databases.TEST_SETTINGS | {"SQLALCHEMY_DATABASE_URI": url, "TESTING": True}
    app = create_app(given | (settings or {}))
    # The handlers of errors answer in tests as they do in service.
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return app


def _served(url: str) -> Iterator[Flask]:
    app = application(url)
    yield app
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()


@pytest.fixture
def clock(app: Flask) -> Iterator[Clock]:
    """The application's clock, standing at `NOW`."""
    clock = Clock()
    before, app.config["CLOCK"] = app.config["CLOCK"], clock
    yield clock
    app.config["CLOCK"] = before


@pytest.fixture
def now() -> datetime:
    """The time at which tests begin."""
    return NOW


@pytest.fixture
def connection(app: Flask) -> Iterator[Connection]:
    """The one connection of a test; everything on it is rolled back."""
    with app.app_context():
        engines = db.engines
    engine = engines[None]
    with engine.connect() as connection:
        transaction = connection.begin()
        engines[None] = connection  # type: ignore[assignment]
        yield connection
        engines[None] = engine
        transaction.rollback()


@pytest.fixture
def session(connection: Connection) -> Iterator[Session]:
    """A session of the test's own; what it commits, the application sees."""
    with Session(connection, join_transaction_mode="create_savepoint") as session:
        yield session


@pytest.fixture
def client(app: Flask, connection: Connection, clock: Clock) -> FlaskClient:
    """A browserless client of the application, inside the test's savepoint."""
    return app.test_client()


@pytest.fixture
def sign_in(client: FlaskClient) -> Callable[[str, str], dict[str, str]]:
    """Return a function: e-mail and password -> the headers of a signed-in request."""

    def headers(email: str, password: str = "correct horse battery") -> dict[str, str]:
        answer = client.post("/api/v1/sessions", json={"email": email, "password": password})
        assert answer.status_code == 201, answer.text
        return {"Authorization": f"Bearer {answer.json['access_token']}"}

    return headers
