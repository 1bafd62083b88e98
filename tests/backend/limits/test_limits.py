"""Too many requests are refused, and the answer says for how long."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, text

from backend.config import READ_BIND
from backend.config.limits import Limit, Rate
from backend.db import db
from backend.limits.buckets import Buckets
from tests.conftest import Clock, application
from tests.support.people import PASSWORD, register

API = "/api/v1"
FEW = Limit(Rate(3, 900), Rate(5, 900), Rate(8, 60))
MANY = Limit(Rate(1000, 60), Rate(1000, 60), Rate(1000, 60))


SETTINGS: dict[str, Any] = {
    "RATE_LIMITS": True,
    "LIMIT_SIGN_IN": FEW,
    "LIMIT_PASSWORD_RESET": FEW,
    "LIMIT_RENEWAL": FEW,
    "LIMIT_REGISTRATION": FEW,
    "LIMIT_SECOND_FACTOR": FEW,
    "LIMIT_WRITE": MANY,
    "LIMIT_READ": Limit(Rate(1000, 60), Rate(10_000, 60)),
}
"""Limits that a test reaches quickly."""


@pytest.fixture(scope="module")
def counting(app: Flask) -> Iterator[Flask]:
    """A second application on the worker's database, which counts; it makes nothing that stays."""
    counting = application(app.config["SQLALCHEMY_DATABASE_URI"], SETTINGS)
    yield counting
    with counting.app_context():
        for engine in db.engines.values():
            engine.dispose()


@pytest.fixture
def limited_app(counting: Flask) -> Iterator[Flask]:
    """The application that counts, before it has counted anything."""
    counting.extensions["dongne_buckets"] = Buckets()
    yield counting
    with counting.app_context(), db.engines[READ_BIND].connect() as connection:
        connection.execute(text("DELETE FROM rate_limit"))


@pytest.fixture
def clock(app: Flask, limited_app: Flask, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of both applications."""
    clock = Clock()
    for each in (app, limited_app):
        monkeypatch.setitem(each.config, "CLOCK", clock)
    return clock


@pytest.fixture
def limited_client(limited_app: Flask, clock: Clock) -> FlaskClient:
    """A client of the application that counts."""
    return limited_app.test_client()


def enter(client: FlaskClient, email: str, address: str = "192.0.2.1") -> Any:
    return client.post(
        f"{API}/sessions",
        json={"email": email, "password": "wrong password"},
        environ_base={"REMOTE_ADDR": address},
    )


def statuses(answers: list[Any]) -> list[int]:
    return [answer.status_code for answer in answers]


def test_an_account_is_guessed_at_so_often_from_wherever(limited_client: FlaskClient) -> None:
    answers = [enter(limited_client, "min@example.com", f"192.0.{n}.1") for n in range(4)]
    assert statuses(answers) == [401, 401, 401, 429]
    assert enter(limited_client, "MIN@example.com", "192.0.9.1").status_code == 429
    assert enter(limited_client, "other@example.com", "192.0.9.1").status_code == 401


@pytest.mark.parametrize(
    ("near", "far"),
    [("192.0.2.{}", "192.0.3.1"), ("2001:db8:0:1::{}", "2001:db8:0:2::1")],
)
def test_an_address_is_a_neighbourhood_of_addresses(
    limited_client: FlaskClient, near: str, far: str
) -> None:
    answers = [enter(limited_client, f"p{n}@example.com", near.format(n + 1)) for n in range(6)]
    assert statuses(answers) == [401] * 5 + [429]
    assert enter(limited_client, "p9@example.com", far).status_code == 401


def test_everybody_together_has_a_limit_too(limited_client: FlaskClient) -> None:
    answers = [enter(limited_client, f"p{n}@example.com", f"192.0.{n}.1") for n in range(9)]
    assert statuses(answers) == [401] * 8 + [429]


def test_the_refusal_says_when_and_how_much(limited_client: FlaskClient, clock: Clock) -> None:
    first = enter(limited_client, "min@example.com")
    assert first.headers["RateLimit-Policy"] == '"sign_in";q=3;w=900'
    assert first.headers["RateLimit"] == '"sign_in";r=2;t=900'
    clock.move(minutes=5)
    refused = [enter(limited_client, "min@example.com") for _ in range(3)][-1]
    assert refused.mimetype == "application/problem+json"
    assert (refused.status_code, refused.json["code"]) == (429, "rate_limited")
    assert refused.headers["Retry-After"] == "600"
    assert refused.headers["RateLimit"] == '"sign_in";r=0;t=600'


def test_a_window_ends_at_the_promised_time(limited_client: FlaskClient, clock: Clock) -> None:
    for _ in range(4):
        last = enter(limited_client, "min@example.com")
    clock.move(seconds=int(last.headers["Retry-After"]) - 1)
    assert enter(limited_client, "min@example.com").status_code == 429
    clock.move(seconds=1)
    assert enter(limited_client, "min@example.com").status_code == 401


def test_a_clock_put_back_keeps_nobody_waiting(limited_client: FlaskClient, clock: Clock) -> None:
    for _ in range(4):
        enter(limited_client, "min@example.com")
    clock.move(days=-1)
    assert enter(limited_client, "min@example.com").status_code == 401


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/password-resets/completion", {"token": "x", "password": "ten letters!"}, 410),
        ("/sessions/renewal", {"refresh_token": "x"}, 401),
        ("/sessions/second-factor", {"challenge": "x", "code": "1"}, 401),
        ("/sessions", {"email": "min@example.com", "password": "x"}, 401),
    ],
)
def test_what_opens_an_account_is_limited(
    limited_client: FlaskClient,
    path: str,
    body: dict[str, str],
    status: int,
) -> None:
    answers = [limited_client.post(f"{API}{path}", json=body) for _ in range(4)]
    assert statuses(answers) == [status] * 3 + [429]


def test_a_refused_sign_in_is_not_hashed(
    limited_client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        enter(limited_client, "min@example.com")

    def hashed(*_: object) -> bool:
        pytest.fail("hashed")

    monkeypatch.setattr("backend.accounts.admission.password_matches", hashed)
    assert enter(limited_client, "min@example.com").status_code == 429


def test_neither_address_nor_account_can_be_read_out_of_the_counts(
    limited_app: Flask, limited_client: FlaskClient
) -> None:
    enter(limited_client, "min@example.com", "192.0.2.77")
    with limited_app.app_context(), db.engines[READ_BIND].connect() as connection:
        rows = connection.execute(text("SELECT key FROM rate_limit")).scalars().all()
    assert len(rows) == 3
    assert all(set(key) <= set("0123456789abcdef") for key in rows)


@pytest.fixture
def broken(limited_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The store of the counts is out of reach."""
    nowhere = create_engine("postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    with limited_app.app_context():
        monkeypatch.setitem(db.engines, READ_BIND, nowhere)


@pytest.mark.usefixtures("broken")
def test_without_the_store_nobody_signs_in(limited_client: FlaskClient) -> None:
    answer = enter(limited_client, "min@example.com")
    assert (answer.status_code, answer.json["code"]) == (503, "limits_unavailable")
    assert "Retry-After" in answer.headers


@pytest.mark.usefixtures("broken")
def test_without_the_store_reads_and_writes_go_on(limited_client: FlaskClient) -> None:
    assert limited_client.get(f"{API}/categories").status_code == 200
    answer = limited_client.post(f"{API}/invitations/acceptance", json={"token": "x"})
    assert answer.status_code == 404


def test_other_writes_are_limited_by_account_and_address(
    limited_app: Flask, limited_client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(limited_app.config, "LIMIT_WRITE", Limit(Rate(2, 60), Rate(4, 60)))

    def write() -> Any:
        return limited_client.post(f"{API}/invitations/acceptance", json={"token": "x"})

    answers = [write() for _ in range(5)]
    assert statuses(answers) == [404] * 4 + [429]
    assert answers[-1].headers["Retry-After"] == "60"


@pytest.fixture
def stingy(limited_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation that lets little be read."""
    monkeypatch.setitem(limited_app.config, "LIMIT_READ", Limit(Rate(2, 60), Rate(4, 60)))


@pytest.mark.usefixtures("stingy")
def test_reads_are_limited_by_address_without_a_statement(
    limited_app: Flask, limited_client: FlaskClient, clock: Clock
) -> None:
    def read() -> Any:
        return limited_client.get(f"{API}/categories")

    answers = [read() for _ in range(5)]
    assert statuses(answers) == [200] * 4 + [429]
    assert answers[-1].headers["Retry-After"] == "15"
    clock.move(seconds=15)
    assert statuses([read(), read()]) == [200, 429]
    with limited_app.app_context(), db.engines[READ_BIND].connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM rate_limit")) == 0


@pytest.mark.usefixtures("stingy")
def test_an_address_is_refused_before_its_token_is_looked_at(limited_client: FlaskClient) -> None:
    def read() -> Any:
        return limited_client.get(f"{API}/me", headers={"Authorization": "Bearer junk"})

    assert statuses([read() for _ in range(5)]) == [401] * 4 + [429]


@pytest.mark.usefixtures("stingy")
def test_what_watches_the_server_is_never_refused(limited_client: FlaskClient) -> None:
    assert {limited_client.get("/healthz").status_code for _ in range(20)} == {200}


def test_a_post_that_reads_is_counted_as_a_read(
    limited_app: Flask, limited_client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(limited_app.config, "LIMIT_WRITE", Limit(Rate(1, 60), Rate(1, 60)))
    body = {"points": [[126.9779, 37.5663]]}
    answers = [limited_client.post(f"{API}/regions/locate", json=body) for _ in range(3)]
    assert statuses(answers) == [200] * 3


def test_meta_tells_what_an_account_may_do(limited_client: FlaskClient) -> None:
    rates = limited_client.get(f"{API}/meta").json["limits"]["rates"]
    assert {"name": "sign_in", "requests": 3, "window_s": 900} in rates
    assert {"name": "read", "requests": 1000, "window_s": 60} in rates


def test_where_nothing_is_counted_nothing_is_told_or_refused(client: FlaskClient) -> None:
    assert client.get(f"{API}/meta").json["limits"]["rates"] == []
    answers = [enter(client, "min@example.com") for _ in range(12)]
    assert statuses(answers) == [401] * 12
    assert not [name for name, _ in answers[-1].headers if name.startswith("RateLimit")]


def test_an_account_reads_and_writes_so_much_from_wherever(committed_app: Flask) -> None:
    with committed_app.app_context():
        email = register(db.session()).email
    rates = {
        "LIMIT_READ": Limit(Rate(2, 60), Rate(100, 60)),
        "LIMIT_WRITE": Limit(Rate(1, 60), Rate(100, 60)),
        "CLOCK": Clock(),
    }
    limited = application(committed_app.config["SQLALCHEMY_DATABASE_URI"], SETTINGS | rates)
    client = limited.test_client()
    pair = client.post(f"{API}/sessions", json={"email": email, "password": PASSWORD}).json
    headers = {"Authorization": f"Bearer {pair['access_token']}"}

    def read(number: int) -> Any:
        place = {"REMOTE_ADDR": f"192.0.{number}.1"}
        return client.get(f"{API}/me", headers=headers, environ_base=place)

    def write(number: int) -> Any:
        place = {"REMOTE_ADDR": f"192.0.{number}.1"}
        body = {"category": "safety", "title": "소화전"}
        return client.post(f"{API}/proposals", json=body, headers=headers, environ_base=place)

    assert statuses([read(number) for number in range(3)]) == [200, 200, 429]
    assert statuses([write(number) for number in range(2)]) == [201, 429]
    with limited.app_context():
        for engine in db.engines.values():
            engine.dispose()
