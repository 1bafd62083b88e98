"""A second implementation over sets of rows, on a real PostgreSQL, chooses the identical sets."""

from __future__ import annotations

import psycopg
import pytest
from hypothesis import given, settings

from bench.matching import twin
from bench.matching.instances import make_round
from geo.matching import parse_instance, solve
from geo.matching.instance import PREASSIGNED
from tests.geo.matching.strategies import rounds
from tests.support.databases import url_of


@pytest.fixture(scope="module")
def connection():
    url = url_of("postgres").replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection


def assert_identical(connection, document):
    instance = parse_instance(document)
    plan = solve(instance)
    choice = twin.choose(connection, instance)
    assert choice.passes == [(row.funded, row.filled) for row in plan.pass_log]
    assert choice.holders == {
        (row.id, seat.type, seat.institution)
        for row in plan.products
        for seat in row.seats
        if seat.type != PREASSIGNED
    }


@settings(max_examples=150, deadline=None)
@given(document=rounds())
def test_random_rounds_of_every_kind_get_the_identical_sets(connection, document):
    assert_identical(connection, document)


@pytest.mark.heavy
@settings(max_examples=1000, deadline=None)
@given(document=rounds())
def test_a_thousand_random_rounds_get_the_identical_sets(connection, document):
    assert_identical(connection, document)


@pytest.mark.parametrize("seed", range(3))
def test_a_round_of_real_size_gets_the_identical_sets(connection, seed):
    assert_identical(connection, make_round(1200, seed))


def test_the_twin_makes_nothing_that_outlives_its_session(connection):
    twin.choose(connection, parse_instance(make_round(120)))
    found = connection.execute(
        "SELECT n.nspname LIKE 'pg_temp_%' FROM pg_class c JOIN pg_namespace n"
        " ON n.oid = c.relnamespace WHERE c.relname LIKE 'twin%' UNION ALL"
        " SELECT n.nspname LIKE 'pg_temp_%' FROM pg_proc p JOIN pg_namespace n"
        " ON n.oid = p.pronamespace WHERE p.proname LIKE 'twin%'"
    ).fetchall()
    assert len(found) > 20
    assert all(temporary for (temporary,) in found)
