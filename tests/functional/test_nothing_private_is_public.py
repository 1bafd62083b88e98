"""Whatever is read of a town, nothing in it tells what its people keep to themselves."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from backend.auth.guards import policy_of
from backend.db import ids_from
from backend.demo.seeds import seeded_ids
from backend.files.place import EXTENSION
from backend.files.storage import Storage, disk_storage
from tests.support.addresses import read_addresses
from tests.support.people import PASSWORD
from tests.support.private import findings, ids_of
from tests.support.town import HOMES, Secrets, Town, build_town

SECRETS = Secrets("canary", HOMES[1], (127.0104, 37.6283))

HOME_NAME = "번동"

SEED = 7

READERS = ("nobody", "stranger", "reviewer_elsewhere", "applicant")
"""Who reads: none of them has any business with what the people of the town keep."""

CATALOGUES = (
    "/api/v1/regions",
    "/api/v1/maps/regions",
    "/api/v1/maps/statistics",
    "/api/v1/local-governments/",
    "/ogc/collections",
    "/tiles/regions",
)
"""What lists neighbourhoods whoever lives there: that a name stands there says nothing."""

NOT_HERE = {
    "/api/v1/email-confirmations/<token>",
    "/api/v1/guardian-consents/<string:token>",
    "/api/v1/places/search",
    "/api/v1/push-key",
    "/api/v1/unsubscriptions/<token>",
}
"""What is public and yet not there: tokens were mailed, and no geocoder and no key is set."""


@pytest.fixture
def storage(app: Flask, tmp_path: Path) -> Iterator[Storage]:
    """The application's storage, empty and gone after the test."""
    before = app.extensions.get(EXTENSION)
    app.extensions[EXTENSION] = disk_storage(tmp_path)
    yield app.extensions[EXTENSION]
    app.extensions[EXTENSION] = before


@pytest.fixture
def town(client: FlaskClient, session: Session, storage: Storage) -> Town:
    """The town of people who want to be seen as little as one can."""
    with ids_from(seeded_ids(SEED)):
        return build_town(session, storage, SECRETS)


def headers_of(client: FlaskClient, town: Town, reader: str) -> dict[str, str]:
    """Return what a reader sends: a token, or nothing."""
    if reader == "nobody":
        return {}
    facts = {"email": town.people[reader].email, "password": PASSWORD}
    answer = client.post("/api/v1/sessions", json=facts)
    assert answer.status_code == 201, answer.text
    return {"Authorization": f"Bearer {answer.json['access_token']}"}


@pytest.mark.parametrize("reader", READERS)
def test_nobody_reads_what_is_not_theirs(
    app: Flask, client: FlaskClient, town: Town, reader: str
) -> None:
    headers = headers_of(client, town, reader)
    people = ids_of(town, "author", "co_author", "neighbour")
    told: dict[str, Any] = {}
    unread = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if policy_of(app.view_functions[rule.endpoint]) == "public"
        and "GET" in (rule.methods or ())
    }
    for rule, address in read_addresses(app, town):
        answer = client.get(address, headers=headers)
        assert answer.status_code < 500, f"{address}: {answer.text}"
        if answer.status_code == 200:
            unread.discard(rule)
        homes = () if rule.startswith(CATALOGUES) else (SECRETS.home, HOME_NAME)
        if found := findings(answer, SECRETS, [*people, *homes]):
            told[address] = found
    assert told == {}
    assert unread == NOT_HERE


def test_what_is_private_would_be_found(client: FlaskClient, town: Town) -> None:
    draft_id = town.ids["draft_id"][0]
    answer = client.get(
        f"/api/v1/me/proposals/{draft_id}", headers=headers_of(client, town, "author")
    )
    lon, lat = SECRETS.point
    assert findings(answer, SECRETS) == ["canary", f"{lon},{lat}"]
