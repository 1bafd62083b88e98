"""What a log line tells, and what it never does."""

import json
import logging
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
import structlog
from flask import Blueprint, Flask, g
from flask.testing import FlaskClient

from backend import logs
from backend.auth.guards import public

ACCOUNT_ID = UUID("0198a3c0-0000-7000-8000-00000000000a")


@pytest.fixture
def client() -> Iterator[FlaskClient]:
    """A client of an application that has nothing but logging and a few routes."""
    app = Flask(__name__)
    app.config |= {"LOG_FORMAT": "json", "LOG_DELAY_MS": 0}
    logs.init_app(app)
    health = Blueprint("health", __name__)

    @health.get("/healthz")
    @public
    def alive() -> str:
        return "alive"

    @app.post("/things")
    @public
    def make_thing() -> tuple[str, int]:
        g.identity = SimpleNamespace(account_id=ACCOUNT_ID)
        structlog.get_logger("things").info("thing_made", name="의자")
        return "made", 201

    @app.get("/invitations/<token>")
    @public
    def show_invitation(token: str) -> str:
        return "welcome"

    @app.get("/broken")
    @public
    def broken() -> str:
        password_of_somebody = "correct horse"
        raise RuntimeError(len(password_of_somebody))

    app.register_blueprint(health)
    structlog.contextvars.clear_contextvars()
    yield app.test_client()
    structlog.contextvars.clear_contextvars()
    logs.configure(console=False)


def read_lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def request_line(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    return next(line for line in read_lines(capsys) if line["event"] == "request")


def test_a_request_leaves_one_line_with_what_happened(
    client: FlaskClient, capsys: pytest.CaptureFixture[str]
) -> None:
    client.post("/things", headers={"X-Request-Id": "abc-1"})
    line = request_line(capsys)
    assert line.pop("duration_ms") >= 0
    assert line.pop("timestamp")
    assert line == {
        "event": "request",
        "level": "info",
        "logger": "backend.logs",
        "method": "POST",
        "path": "/things",
        "status": 201,
        "account_id": str(ACCOUNT_ID),
        "request_id": "abc-1",
    }


def test_a_line_within_a_request_carries_its_id(
    client: FlaskClient, capsys: pytest.CaptureFixture[str]
) -> None:
    client.post("/things", headers={"X-Request-Id": "abc-1"})
    line = next(line for line in read_lines(capsys) if line["event"] == "thing_made")
    assert (line["request_id"], line["name"]) == ("abc-1", "의자")


def test_query_body_and_credentials_stay_out(
    client: FlaskClient, capsys: pytest.CaptureFixture[str]
) -> None:
    client.post(
        "/things?phone=010-1234-5678",
        json={"title": "the title"},
        headers={"Authorization": "Bearer the-token", "Cookie": "session=the-cookie"},
    )
    written = capsys.readouterr().err
    secrets = ("010-1234-5678", "the title", "the-token", "the-cookie")
    assert [secret for secret in secrets if secret in written] == []


def test_a_token_in_the_path_is_masked(
    client: FlaskClient, capsys: pytest.CaptureFixture[str]
) -> None:
    client.get("/invitations/opens-the-door")
    assert request_line(capsys)["path"] == "/invitations/***"


@pytest.mark.parametrize("path", ["/a%0Ab", "/%1B[31mred", "/" + "a" * 5000])
def test_a_path_cannot_break_a_line_or_fill_the_disk(
    client: FlaskClient, capsys: pytest.CaptureFixture[str], path: str
) -> None:
    client.get(path)
    written = request_line(capsys)["path"]
    assert written.isprintable()
    assert len(written) <= logs.LONGEST_PATH


def test_the_request_id_comes_back(client: FlaskClient) -> None:
    answer = client.get("/healthz", headers={"X-Request-Id": "abc-1"})
    assert answer.headers["X-Request-Id"] == "abc-1"


@pytest.mark.parametrize("given", ["", "a" * 65, "a b", "a\x1bb", "<script>", "가"])
def test_a_strange_request_id_is_replaced(client: FlaskClient, given: str) -> None:
    environ = {"HTTP_X_REQUEST_ID": given.encode().decode("latin-1")}
    answer = client.get("/healthz", environ_overrides=environ)
    assert len(answer.headers["X-Request-Id"]) == 32


def test_each_request_gets_an_id_of_its_own(client: FlaskClient) -> None:
    assert (
        client.get("/healthz").headers["X-Request-Id"]
        != client.get("/healthz").headers["X-Request-Id"]
    )


def test_a_probe_that_is_answered_leaves_no_line(
    client: FlaskClient, capsys: pytest.CaptureFixture[str]
) -> None:
    client.get("/healthz")
    assert capsys.readouterr().err == ""


def test_a_fault_is_one_line_without_values_of_variables(
    client: FlaskClient, capsys: pytest.CaptureFixture[str]
) -> None:
    client.get("/broken")
    line = next(line for line in read_lines(capsys) if "exception" in line)
    assert "RuntimeError: 13" in line["exception"]
    assert "correct horse'" not in line["exception"]


def test_the_standard_library_logs_in_the_same_form(
    client: FlaskClient, capsys: pytest.CaptureFixture[str]
) -> None:
    logging.getLogger("some.library").warning("%s of %s", 1, 2)
    assert read_lines(capsys)[0]["event"] == "1 of 2"


def test_setting_up_twice_writes_once(
    client: FlaskClient, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.configure(console=False)
    structlog.get_logger().info("once")
    assert len(read_lines(capsys)) == 1


def test_a_terminal_gets_readable_lines(
    client: FlaskClient, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.configure(console=True)
    structlog.get_logger().info("thing_made", name="chair")
    written = capsys.readouterr().err
    assert "thing_made" in written
    assert not written.startswith("{")


def test_a_terminal_gets_no_values_of_variables(
    client: FlaskClient, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.configure(console=True)
    client.get("/broken")
    written = capsys.readouterr().err
    assert "RuntimeError" in written
    assert "password_of_somebody │" not in written
