"""A database with the smaller size of data, shared by the tests of this folder."""

from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import URL, make_url

from bench.api import loading
from bench.api.sizes import SMALL
from bench.serving.database import libpq
from tests.support import databases


@pytest.fixture(scope="module")
def filled(template: str) -> Iterator[URL]:
    """The address of a database with the smaller size of data."""
    with databases.copy_of(template) as address:
        url = make_url(address).set(drivername="postgresql")
        with psycopg.connect(libpq(url), autocommit=True) as connection:
            loading.fill(connection, SMALL)
        yield url


@pytest.fixture
def rows(filled: URL) -> Iterator[psycopg.Connection]:
    """A connection to it, outside transactions."""
    with psycopg.connect(libpq(filled), autocommit=True) as connection:
        yield connection
