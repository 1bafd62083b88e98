"""Who may keep an answer is said with every read: what is one's own, nobody between keeps."""

import re
from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from backend.auth.guards import policy_of
from tests.support.people import CITY_HALL_EMD, register
from tests.support.proposals import make_submitted

SignIn = Callable[..., dict[str, str]]
NOBODY = UUID("0190f1d2-0000-7000-8000-000000000000")
QUERIES = {
    "/api/v1/regions/locate": "?lon=126.9779&lat=37.5663",
    "/api/v1/regions/search": "?q=태평로",
    "/api/v1/institutions/nearest": "?lon=126.9779&lat=37.5663",
    "/api/v1/maps/statistics": "?level=sido",
    "/api/v1/regions/<string:code>/neighbours": "?within_m=1000",
}
"""What some addresses have to be asked with."""


@pytest.fixture
def subject(session: Session) -> UUID:
    """A submitted proposal of `citizen@example.com`."""
    author = register(session, email="citizen@example.com", residence=CITY_HALL_EMD)
    return make_submitted(session, author).id


@pytest.fixture
def addresses(app: Flask, subject: UUID) -> list[tuple[str, str]]:
    """Every address that can be read, filled in, with what guards it."""
    return list(_addresses(app, subject))


def _addresses(app: Flask, subject: UUID) -> Iterator[tuple[str, str]]:
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()):
            continue
        path = rule.rule + QUERIES.get(rule.rule, "")
        for pattern, value in (
            (r"<uuid:proposal_id>", str(subject)),
            (r"<uuid:\w+>", str(NOBODY)),
            (r"<programme_year:\w+>", "2027"),
            (r"<int(\([^>]*\))?:\w+>", "1"),
            (r"<any\([^>]*>", "proposals"),
            (r"<string:document>", "terms"),
            (r"<string:version>", "1"),
            (r"<(string:)?token>", "guessed"),
            (r"<string:code>", "11140"),
            (r"<code>", "11140"),
            (r"<layer>", "sido"),
            (r"<path:filename>", "site.css"),
            (r"<form>", "json"),
            (r"<collection_id>", "sido"),
            (r"<feature_id>", "11"),
        ):
            path = re.sub(pattern, value, path)
        assert "<" not in path, path
        yield path, policy_of(app.view_functions[rule.endpoint]) or ""


def test_every_read_says_who_may_keep_its_answer(
    client: FlaskClient, addresses: list[tuple[str, str]], sign_in: SignIn
) -> None:
    citizen = sign_in("citizen@example.com")
    answered = 0
    for path, _ in addresses:
        for headers in ({}, citizen):
            answer = client.get(path, headers=headers, buffered=True)
            cached = answer.headers.get("Cache-Control", "")
            assert answer.status_code < 500, path
            assert cached, path
            if answer.status_code >= 400 and path.startswith("/api/"):
                assert "no-store" in cached, path
            answered += answer.status_code == 200
    assert answered > 60


def test_what_needs_a_sign_in_is_private(
    client: FlaskClient, addresses: list[tuple[str, str]], sign_in: SignIn
) -> None:
    citizen = sign_in("citizen@example.com")
    own = [path for path, policy in addresses if policy != "public"]
    seen = 0
    for path in own:
        answer = client.get(path, headers=citizen, buffered=True)
        if answer.status_code == 200:
            directives = set(re.split(r",\s*", answer.headers["Cache-Control"]))
            assert directives & {"no-store", "no-cache"}, path
            assert "public" not in directives, path
            assert "private" in directives or "no-store" in directives, path
            assert "no-store" in directives or "Authorization" in answer.vary, path
            seen += 1
    assert seen >= 8


def test_what_everybody_may_keep_is_the_same_for_everybody(
    client: FlaskClient, addresses: list[tuple[str, str]], sign_in: SignIn
) -> None:
    citizen = sign_in("citizen@example.com")
    kept = 0
    for path, _ in addresses:
        mine = client.get(path, headers=citizen, buffered=True)
        if mine.status_code == 200 and "public" in mine.headers["Cache-Control"]:
            assert mine.data == client.get(path, buffered=True).data, path
            kept += 1
    assert kept > 5


def test_what_is_said_in_two_languages_varies_by_them(
    client: FlaskClient, addresses: list[tuple[str, str]]
) -> None:
    for path, _ in addresses:
        said = [
            client.get(path, headers={"Accept-Language": language}, buffered=True)
            for language in ("ko", "en")
        ]
        if said[0].data != said[1].data:
            stored = "no-store" not in said[0].headers["Cache-Control"]
            assert not stored or "Accept-Language" in said[0].vary, path
