"""The probes: alive is not ready."""

import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from types import FrameType

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, create_engine, pool, text

from backend import health


@pytest.fixture(autouse=True)
def stopping(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """A mark of its own for each test, since the process has one."""
    event = threading.Event()
    monkeypatch.setattr(health, "_stopping", event)
    return event


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port that takes connections and never says anything."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def use_server(monkeypatch: pytest.MonkeyPatch, app: Flask, url: str) -> None:
    engine = create_engine(url, poolclass=pool.NullPool)
    monkeypatch.setitem(app.extensions, health.EXTENSION, engine)


def test_a_process_with_its_database_is_ready(client: FlaskClient) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json) == (200, {"status": "ready"})


def test_alive_needs_no_database(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(app.extensions, health.EXTENSION)
    assert client.get("/healthz").status_code == 200


def test_an_unreachable_database_is_not_ready(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_server(monkeypatch, app, "postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    answer = client.get("/readyz", headers={"Accept-Language": "en"})
    assert (answer.status_code, answer.json["code"]) == (503, "not_ready")
    assert "database" in answer.json["detail"]


def test_not_ready_says_when_to_ask_again(client: FlaskClient, stopping: threading.Event) -> None:
    stopping.set()
    assert int(client.get("/readyz").headers["Retry-After"]) > 0


def test_a_database_that_never_answers_is_given_a_second(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, silent_port: int
) -> None:
    use_server(monkeypatch, app, f"postgresql+psycopg://x@127.0.0.1:{silent_port}/x")
    started = time.monotonic()
    assert client.get("/readyz").status_code == 503
    assert time.monotonic() - started < health.DATABASE_WAIT_S + 0.5


def test_an_older_schema_is_not_ready(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "code_revision", lambda: "9999")
    answer = client.get("/readyz", headers={"Accept-Language": "en"})
    assert (answer.status_code, "migrations" in answer.json["detail"]) == (503, True)


def test_an_empty_database_is_not_ready(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, fresh_database_url: str
) -> None:
    use_server(monkeypatch, app, fresh_database_url)
    assert client.get("/readyz").status_code == 503


def test_the_applied_revision_is_read(app: Flask) -> None:
    engine: Engine = app.extensions[health.EXTENSION]
    with engine.connect() as connection:
        applied = connection.scalar(text("SELECT version_num FROM alembic_version"))
        assert health.read_applied_revision(connection) == applied


def test_a_stopping_process_is_alive_and_not_ready(
    client: FlaskClient, stopping: threading.Event
) -> None:
    stopping.set()
    assert [client.get(path).status_code for path in ("/healthz", "/readyz")] == [200, 503]


def test_sigterm_ends_readiness_and_still_reaches_the_server(stopping: threading.Event) -> None:
    reached: list[int] = []

    def stop_server(number: int, _frame: FrameType | None) -> None:
        reached.append(number)

    before = signal.signal(signal.SIGTERM, stop_server)
    try:
        health._watch_termination()
        os.kill(os.getpid(), signal.SIGTERM)
    finally:
        signal.signal(signal.SIGTERM, before)
    assert (stopping.is_set(), reached) == (True, [signal.SIGTERM])
