"""Whatever is read of a town, nothing in it tells what its people keep to themselves."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from backend.auth.guards import policy_of
from backend.db import ids_from
from backend.demo.seeds import seeded_ids
from backend.files.storage import Storage
from geo.disclosure import public_point
from tests.conftest import Clock
from tests.support.addresses import read_addresses
from tests.support.people import PASSWORD
from tests.support.private import body_of, findings, ids_of, text_of
from tests.support.town import build_town
from tests.support.town_facts import HOMES, Choices, Secrets, Town

Headers = dict[str, str]

HERE: dict[str, Any] = {
    "deadline": None,
    "derandomize": True,
    # What differs is told as it is: to look for the smallest such life would take minutes.
    "phases": [Phase.explicit, Phase.generate],
    "suppress_health_check": list(HealthCheck),
}

SECRETS = Secrets("canary", HOMES[1], (127.0104, 37.6283))

HOME_WORDS = (SECRETS.home, "번동")

SEED = 7

READERS = ("nobody", "stranger", "reviewer_elsewhere", "applicant")
"""Who reads: none of them has any business with what the people of the town keep."""

CATALOGUES = (
    "/api/v1/regions",
    "/api/v1/maps/regions",
    "/api/v1/maps/statistics",
    "/api/v1/local-governments/",
    "/ogc/collections",
    "/tiles/<layer>/",
)
"""What lists neighbourhoods whoever lives there: that a name stands there says nothing."""

NOT_HERE = {
    "/api/v1/email-changes/<token>",
    "/api/v1/email-confirmations/<token>",
    "/api/v1/export-downloads/<string:token>",
    "/api/v1/guardian-consents/<string:token>",
    "/api/v1/regions/generations/<int:generation_id>/difference",
    "/api/v1/unsubscriptions/<token>",
    "/guardian-consents/<token>",
}
"""What is public and yet not there: tokens were mailed, and the boundaries never changed."""


@pytest.fixture
def town(client: FlaskClient, session: Session, storage: Storage) -> Town:
    """The town of people who want to be seen as little as one can."""
    with ids_from(seeded_ids(SEED)):
        return build_town(session, storage, SECRETS)


def headers_of(client: FlaskClient, town: Town, reader: str) -> Headers:
    """Return what a reader sends: a token, or nothing."""
    if reader == "nobody":
        return {}
    facts = {"email": town.people[reader].email, "password": PASSWORD}
    answer = client.post("/api/v1/sessions", json=facts)
    assert answer.status_code == 201, answer.text
    return {"Authorization": f"Bearer {answer.json['access_token']}"}


def read(client: FlaskClient, address: str, headers: Headers) -> TestResponse:
    """Return an answer, whole and none of the server's faults."""
    with client.get(address, headers=headers) as answer:
        assert answer.status_code < 500, f"{address}: {answer.text}"
        answer.get_data()
        return answer


@pytest.mark.parametrize("reader", READERS)
def test_nobody_reads_what_is_not_theirs(
    app: Flask, client: FlaskClient, town: Town, reader: str
) -> None:
    headers = headers_of(client, town, reader)
    people = ids_of(town, "author", "co_author", "latecomer", "neighbour")
    told: dict[str, Any] = {}
    unread = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if policy_of(app.view_functions[rule.endpoint]) == "public" and "GET" in rule.methods
    }
    for rule, address in read_addresses(app, town):
        answer = read(client, address, headers)
        if answer.status_code == 200:
            unread.discard(rule)
        homes = () if rule.startswith(CATALOGUES) else HOME_WORDS
        if found := findings(answer, SECRETS, [*people, *homes]):
            told[address] = found
    assert told == {}
    assert unread == NOT_HERE


def test_what_is_wrong_with_a_request_tells_nothing(
    app: Flask, client: FlaskClient, town: Town
) -> None:
    told = {}
    for rule, address in read_addresses(app, town):
        wrong = f"{address}{'&' if '?' in address else '?'}limit=none&after=x&bbox=1&since=x&z=q"
        answer = read(client, wrong, {})
        homes = () if rule.startswith(CATALOGUES) else HOME_WORDS
        if found := findings(answer, SECRETS, homes):
            told[wrong] = found
    assert told == {}


def test_what_is_private_would_be_found(client: FlaskClient, town: Town) -> None:
    draft_id = town.ids["draft_id"][0]
    headers = headers_of(client, town, "author")
    answer = read(client, f"/api/v1/me/proposals/{draft_id}", headers)
    lon, lat = SECRETS.point
    assert findings(answer, SECRETS) == ["canary", f"{lon},{lat}"]


def test_who_writes_along_does_not_read_where_the_first_author_lives(
    app: Flask, client: FlaskClient, town: Town
) -> None:
    headers = headers_of(client, town, "co_author")
    told = [
        address
        for rule, address in read_addresses(app, town)
        if not rule.startswith(CATALOGUES)
        and any(word in text_of(read(client, address, headers)) for word in HOME_WORDS)
    ]
    assert told == []


BASES = ((127.0104, 37.6283), (127.0074, 37.6383), (127.0174, 37.6303))
"""(lon, lat) in the neighbourhood that the proposals are about."""

metres = st.integers(-110, 110)


@st.composite
def two_lives(draw: st.DrawFn) -> tuple[Choices, Secrets, Secrets]:
    """Draw what an author shows, and two lives that look the same from outside."""
    choices = Choices(draw(st.booleans()), draw(st.booleans()))
    centre = public_point(*draw(st.sampled_from(BASES)))
    home = draw(st.sampled_from(HOMES))
    elsewhere = [one for one in HOMES if one != home]
    other = home if choices.neighbourhood_public else draw(st.sampled_from(elsewhere))
    lives = [
        Secrets(
            mark=mark,
            home=lives_at,
            point=(centre[0] + draw(metres) / 88_000, centre[1] + draw(metres) / 111_000),
            accuracy_m=draw(st.floats(1, 90)),
        )
        for mark, lives_at in (("one", home), ("another", other))
    ]
    assert public_point(*lives[0].point) == public_point(*lives[1].point)
    return choices, lives[0], lives[1]


CENTRE = public_point(*BASES[0])

TOLD_APART_BY_A_HOME = (
    Choices(neighbourhood_public=False, anonymous=True),
    Secrets("one", HOMES[0], (CENTRE[0] + 0.0008, CENTRE[1] + 0.0007), 3.0),
    Secrets("another", HOMES[2], (CENTRE[0] - 0.0009, CENTRE[1] - 0.0006), 80.0),
)
"""One lives where an office of the round is for and another stands, the other does not."""


def look_the_same(
    app: Flask, connection: Connection, storage: Storage, lives: tuple[Choices, Secrets, Secrets]
) -> None:
    """Compare everything that the public reads of two towns, to the byte."""
    choices, *both = lives
    readings = []
    for secrets in both:
        with connection.begin_nested() as played:
            with (
                Session(connection, join_transaction_mode="create_savepoint") as session,
                ids_from(seeded_ids(SEED)),
            ):
                town = build_town(session, storage, secrets, choices)
            # Tiles are asked for by the point: both towns are asked by the same one.
            town.secrets = both[0]
            client = app.test_client()
            readings.append(
                {
                    address: _as_read(read(client, address, {}))
                    for rule, address in read_addresses(app, town)
                    if not rule.startswith(CATALOGUES)
                }
            )
            played.rollback()
    assert readings[0] == readings[1]


def _as_read(answer: TestResponse) -> tuple[int, str, str | None]:
    return answer.status_code, body_of(answer), answer.headers.get("ETag")


@settings(max_examples=2, **HERE)
@example(TOLD_APART_BY_A_HOME)
@given(lives=two_lives())
def test_lives_that_differ_in_private_alone_look_the_same(
    app: Flask,
    connection: Connection,
    clock: Clock,
    storage: Storage,
    lives: tuple[Choices, Secrets, Secrets],
) -> None:
    look_the_same(app, connection, storage, lives)


@pytest.mark.heavy
@settings(max_examples=20, **HERE)
@given(lives=two_lives())
def test_many_lives_that_differ_in_private_alone_look_the_same(
    app: Flask,
    connection: Connection,
    clock: Clock,
    storage: Storage,
    lives: tuple[Choices, Secrets, Secrets],
) -> None:
    look_the_same(app, connection, storage, lives)
