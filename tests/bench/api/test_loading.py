"""What is loaded obeys the rules that the application keeps, its counters and events included."""

from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import make_url

from bench.api import loading
from bench.api.sizes import SMALL
from bench.serving.database import libpq
from tests.support import databases


@pytest.fixture(scope="module")
def loaded(template: str) -> Iterator[psycopg.Connection]:
    """A database with the smaller size of data."""
    with databases.copy_of(template) as url:
        address = libpq(make_url(url).set(drivername="postgresql"))
        with psycopg.connect(address, autocommit=True) as connection:
            loading.fill(connection, SMALL)
            yield connection


def count(connection: psycopg.Connection, statement: str) -> int:
    """Return the one number that a statement finds."""
    row = connection.execute(statement.encode()).fetchone()
    assert row is not None
    return int(row[0])


def test_there_is_as_much_as_the_size_says(loaded: psycopg.Connection) -> None:
    assert count(loaded, "SELECT count(*) FROM proposal") == SMALL.proposals
    assert count(loaded, "SELECT count(*) FROM endorsement") == 10 * SMALL.proposals


def test_every_counter_is_what_was_counted(loaded: psycopg.Connection) -> None:
    wrong = """
        SELECT count(*) FROM proposal WHERE endorsement_count <>
            (SELECT count(*) FROM endorsement WHERE proposal_id = proposal.id)
    """
    assert count(loaded, wrong) == 0
