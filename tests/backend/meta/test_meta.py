"""What an installation says of itself is what it does."""

from collections.abc import Callable
from importlib.metadata import version
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.conftest import Clock
from tests.support.people import CITY_HALL, PASSWORD, register
from tests.support.proposals import make_submitted

API = "/api/v1"
SignIn = Callable[..., dict[str, str]]


@pytest.fixture
def meta(client: FlaskClient) -> dict[str, Any]:
    """What the installation says."""
    return client.get(f"{API}/meta").json


@pytest.fixture
def limits(meta: dict[str, Any]) -> dict[str, Any]:
    """What it says that it refuses."""
    return meta["limits"]


@pytest.fixture
def author(session: Session, sign_in: SignIn) -> dict[str, str]:
    """The headers of a citizen."""
    return sign_in(register(session).email)


def draft(**facts: Any) -> dict[str, Any]:
    return {"category": "safety", "title": "비상벨", **facts}


def test_versions_are_the_installed_one_and_the_operators(
    app: Flask, client: FlaskClient, meta: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert meta["version"] == version("dongne")
    monkeypatch.setitem(app.config, "MINIMUM_APP_VERSION", "3.1.4")
    assert client.get(f"{API}/meta").json["minimum_app_version"] == "3.1.4"


def test_it_is_read_once_and_then_found_unchanged(client: FlaskClient) -> None:
    first = client.get(f"{API}/meta")
    assert first.headers["Cache-Control"] == "public, max-age=300"
    again = client.get(f"{API}/meta", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def test_every_language_is_spoken_and_the_first_by_default(
    client: FlaskClient, meta: dict[str, Any]
) -> None:
    nothing = f"{API}/nothing"
    for language in meta["languages"]:
        answer = client.get(nothing, headers={"Accept-Language": language})
        assert answer.headers["Content-Language"] == language
    assert client.get(nothing).headers["Content-Language"] == meta["languages"][0]


def test_the_categories_are_those_that_a_proposal_takes(
    client: FlaskClient, meta: dict[str, Any], author: dict[str, str]
) -> None:
    assert meta["categories"] == client.get(f"{API}/categories").json["items"]
    for category in meta["categories"]:
        body = draft(category=category["code"])
        assert client.post(f"{API}/proposals", json=body, headers=author).status_code == 201


def test_a_larger_body_is_refused(client: FlaskClient, limits: dict[str, Any]) -> None:
    def send(size: int) -> int:
        body = b"{" + b" " * (size - 2) + b"}"
        answer = client.post(f"{API}/sessions", data=body, content_type="application/json")
        return answer.status_code

    assert (send(limits["body_bytes"]), send(limits["body_bytes"] + 1)) == (422, 413)


def test_a_longer_page_is_refused(
    client: FlaskClient, session: Session, limits: dict[str, Any]
) -> None:
    def ask(limit: int) -> int:
        return client.get(f"{API}/proposals?limit={limit}").status_code

    assert (ask(limits["page_items"]), ask(limits["page_items"] + 1)) == (200, 422)
    for _ in range(limits["page_items_unasked"] + 1):
        make_submitted(session)
    assert len(client.get(f"{API}/proposals").json["items"]) == limits["page_items_unasked"]


@pytest.mark.parametrize(
    ("limit", "field"),
    [
        ("title_characters", "title"),
        ("text_characters", "problem"),
        ("text_characters", "idea"),
    ],
)
def test_a_longer_text_is_refused(
    client: FlaskClient, limits: dict[str, Any], author: dict[str, str], limit: str, field: str
) -> None:
    def send(length: int) -> int:
        body = draft(**{field: "가" * length})
        return client.post(f"{API}/proposals", json=body, headers=author).status_code

    assert (send(limits[limit]), send(limits[limit] + 1)) == (201, 422)


def test_a_shorter_or_longer_password_is_refused(
    client: FlaskClient, limits: dict[str, Any]
) -> None:
    def send(length: int) -> int:
        facts = {"email": f"p{length}@example.com", "password": "p" * length, "display_name": "김"}
        return client.post(f"{API}/accounts", json=facts).status_code

    least, most = limits["password_characters_least"], limits["password_characters"]
    assert [send(length) for length in (least - 1, least, most, most + 1)] == [422, 201, 201, 422]


def test_more_points_are_refused(client: FlaskClient, limits: dict[str, Any]) -> None:
    def send(count: int) -> int:
        body = {"points": [CITY_HALL] * count}
        return client.post(f"{API}/regions/locate", json=body).status_code

    assert (send(limits["located_points"]), send(limits["located_points"] + 1)) == (200, 422)


def test_a_wider_search_is_refused(client: FlaskClient, limits: dict[str, Any]) -> None:
    def ask(radius_m: float) -> int:
        point = f"lon={CITY_HALL[0]}&lat={CITY_HALL[1]}"
        return client.get(f"{API}/institutions/nearest?{point}&radius_m={radius_m}").status_code

    assert (ask(limits["radius_m"]), ask(limits["radius_m"] + 1)) == (200, 422)


def test_a_key_stands_for_a_request_that_long(
    client: FlaskClient, session: Session, sign_in: SignIn, limits: dict[str, Any], clock: Clock
) -> None:
    email = register(session).email

    def send() -> bool:
        headers = sign_in(email) | {"Idempotency-Key": "k"}
        answer = client.post(f"{API}/proposals", json=draft(), headers=headers)
        return "Idempotency-Replayed" in answer.headers

    assert not send()
    clock.move(seconds=limits["answer_kept_s"] - 1)
    assert send()
    clock.move(seconds=1)
    assert not send()


def test_tokens_live_that_long(
    client: FlaskClient, session: Session, limits: dict[str, Any], clock: Clock
) -> None:
    facts = {"email": register(session).email, "password": PASSWORD}
    pair = client.post(f"{API}/sessions", json=facts).json
    bearer = {"Authorization": f"Bearer {pair['access_token']}"}

    def is_in() -> bool:
        return client.get(f"{API}/me", headers=bearer).status_code == 200

    assert pair["expires_in_s"] == limits["access_token_s"]
    clock.move(seconds=limits["access_token_s"] - 1)
    assert is_in()
    clock.move(seconds=2)
    assert not is_in()


@pytest.mark.parametrize(("late_s", "status"), [(-1, 201), (1, 401)])
def test_an_unused_sign_in_lasts_that_long(
    client: FlaskClient,
    session: Session,
    limits: dict[str, Any],
    clock: Clock,
    late_s: int,
    status: int,
) -> None:
    facts = {"email": register(session).email, "password": PASSWORD}
    pair = client.post(f"{API}/sessions", json=facts).json
    clock.move(seconds=limits["sign_in_s"] + late_s)
    token = {"refresh_token": pair["refresh_token"]}
    assert client.post(f"{API}/sessions/renewal", json=token).status_code == status
