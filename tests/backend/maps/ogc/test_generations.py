"""Whoever reads page by page gets one generation of the boundaries, whatever happens meanwhile."""

from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Connection, text

from backend.pagination import encode_cursor
from geo.regions import activate
from tests.backend.maps.ogc.reading import COLLECTIONS, href
from tests.conftest import NOW

SIDO = f"{COLLECTIONS}/sido/items?limit=10"


@pytest.fixture
def draft(connection: Connection) -> int:
    """A generation without regions that waits for its activation."""
    found = connection.execute(
        text("""
            INSERT INTO region_generation
                   (label, state, layer_key, sources, data_date, loaded_at, validated_at)
            SELECT 'next', 'validated', 'next', sources, data_date, loaded_at, loaded_at
            FROM region_generation WHERE state = 'active' RETURNING id
        """)
    )
    return int(found.scalar_one())


def test_a_reader_ends_in_the_generation_in_which_it_began(
    client: FlaskClient, connection: Connection, draft: int
) -> None:
    address = urlsplit(href(client.get(SIDO).json, "next") or "")
    following = f"{address.path}?{address.query}"
    before = client.get(following).json
    activate(connection, draft, NOW)
    assert client.get(following).json == before
    assert before["numberReturned"] == 7
    assert client.get(SIDO).json["numberReturned"] == 0


def test_a_cursor_leads_into_no_draft(client: FlaskClient, draft: int) -> None:
    made_up = client.get(f"{SIDO}&after={cursor_into(draft)}")
    assert (made_up.status_code, made_up.json["code"]) == (400, "parameter_invalid")


def test_a_cursor_leads_into_a_generation_that_was_in_force(
    client: FlaskClient, connection: Connection, draft: int
) -> None:
    activate(connection, draft, NOW)
    assert client.get(f"{SIDO}&after={cursor_into(draft)}").status_code == 200


def cursor_into(generation_id: int) -> str:
    return encode_cursor([generation_id, "11"])
