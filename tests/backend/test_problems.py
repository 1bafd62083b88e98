"""Errors are problem documents in the caller's language, whatever went wrong."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from psycopg import errors as pg
from sqlalchemy import exc as sa

from backend.errors import Unavailable


@pytest.fixture
def failing(app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Return a function that calls a view which raises the given error."""

    def call(error: Exception, **kwargs: Any) -> Any:
        def view() -> None:
            raise error

        view._policy = "public"  # type: ignore[attr-defined]
        monkeypatch.setitem(app.view_functions, "health.show_liveness", view)
        return client.get("/healthz", **kwargs)

    return call


def test_an_unknown_address_is_a_problem_document(client: FlaskClient) -> None:
    answer = client.get("/api/v1/nothing")
    assert answer.content_type == "application/problem+json"
    assert answer.json == {
        "type": "urn:dongne:problem:not_found",
        "title": "Not Found",
        "status": 404,
        "detail": "찾는 항목이 없습니다.",
        "code": "not_found",
    }


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("en", "en"),
        ("en-GB,en;q=0.9", "en"),
        ("ko-KR", "ko"),
        ("fr", "ko"),
        ("en-US,ko;q=0.5", "en"),
        ("en;q=0,ko", "ko"),
        ("", "ko"),
        ("*", "ko"),
    ],
)
def test_the_detail_follows_the_callers_language(
    client: FlaskClient, accepted: str, language: str
) -> None:
    answer = client.get("/api/v1/nothing", headers={"Accept-Language": accepted})
    assert answer.headers["Content-Language"] == language


def test_a_wrong_method_says_which_ones_there_are(client: FlaskClient) -> None:
    answer = client.delete("/api/v1/accounts")
    assert (answer.status_code, answer.json["code"]) == (405, "method_not_allowed")
    assert "POST" in answer.headers["Allow"]


def test_broken_json_is_malformed(client: FlaskClient) -> None:
    answer = client.post("/api/v1/accounts", data="{", content_type="application/json")
    assert (answer.status_code, answer.json["code"]) == (400, "malformed_request")


@pytest.mark.parametrize(
    "body",
    [
        b'{"email": NaN}',
        b'{"email": "a", "email": "b"}',
        b"\xff\xfe",
        b"[" * 100_000,
        b'"text" tail',
    ],
    ids=["NaN", "a key twice", "not UTF-8", "bottomless", "a tail"],
)
def test_what_is_almost_json_is_malformed(client: FlaskClient, body: bytes) -> None:
    answer = client.post("/api/v1/accounts", data=body, content_type="application/json")
    assert (answer.status_code, answer.json["code"]) == (400, "malformed_request")


def test_a_body_that_is_not_json_is_not_supported(client: FlaskClient) -> None:
    answer = client.post("/api/v1/accounts", data={"email": "a@example.com"})
    assert (answer.status_code, answer.json["code"]) == (415, "media_type_not_supported")


def test_an_unknown_field_is_named(client: FlaskClient) -> None:
    answer = client.post("/api/v1/sessions", json={"email": "a", "password": "b", "admin": True})
    assert answer.json["errors"] == {"json.admin": ["알 수 없는 항목입니다."]}


def test_an_unknown_query_parameter_is_named(client: FlaskClient) -> None:
    answer = client.get("/api/v1/regions/search?q=%EC%A2%85%EB%A1%9C&color=red")
    assert answer.status_code == 422
    assert "query.color" in answer.json["errors"]


def test_a_missing_token_says_how_to_bring_one(client: FlaskClient) -> None:
    answer = client.get("/api/v1/me")
    assert (answer.status_code, answer.json["code"]) == (401, "token_missing")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("header", ["Bearer nonsense", "Basic dXNlcjpwYXNz", "Bearer", "Bearer "])
def test_a_bad_token_is_refused_on_public_routes_too(client: FlaskClient, header: str) -> None:
    assert client.get("/healthz", headers={"Authorization": header}).status_code == 401


def test_a_body_beyond_the_limit_is_refused(client: FlaskClient) -> None:
    answer = client.post("/api/v1/accounts", json={"display_name": "x" * 2**20})
    assert (answer.status_code, answer.json["code"]) == (413, "body_too_large")


def test_a_fault_of_ours_tells_nothing_of_its_insides(failing: Callable[..., Any]) -> None:
    answer = failing(RuntimeError("secret insides"))
    assert (answer.status_code, answer.json["code"]) == (500, "internal_error")
    assert "insides" not in answer.text


def operational(cause: Exception) -> sa.OperationalError:
    return sa.OperationalError("SELECT 1", {}, cause)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (sa.TimeoutError("the pool is empty"), 503),
        (operational(pg.OperationalError("server closed the connection")), 503),
        (operational(pg.QueryCanceled("statement timeout")), 504),
        (operational(pg.LockNotAvailable("lock timeout")), 409),
        (operational(pg.DeadlockDetected("deadlock")), 409),
        (Unavailable(), 503),
    ],
    ids=["pool", "connection", "statement", "lock", "deadlock", "unavailable"],
)
def test_what_may_pass_says_when_to_try_again(
    failing: Callable[..., Any], error: Exception, status: int
) -> None:
    answer = failing(error)
    assert answer.status_code == status
    assert int(answer.headers["Retry-After"]) > 0
