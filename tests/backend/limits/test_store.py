"""Counts in the database are exact, whoever counts at the same time, and end with their window."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from backend.config import READ_BIND
from backend.db import db, unit_of_work
from backend.limits.store import count_all, forget_expired
from backend.limits.tasks import forget_expired_counts
from tests.conftest import NOW

THREADS, EACH = 8, 50


@pytest.fixture
def engine(app: Flask) -> Iterator[Engine]:
    """Connections that commit each statement; what was counted is forgotten afterwards."""
    with app.app_context():
        engine = db.engines[READ_BIND]
    yield engine
    with engine.connect() as connection:
        connection.execute(text("DELETE FROM rate_limit"))


def kept(engine: Engine) -> dict[str, int]:
    with engine.connect() as connection:
        return dict(connection.execute(text("SELECT key, count FROM rate_limit")).all())  # type: ignore[arg-type]


def test_eight_threads_lose_no_count_and_give_none_twice(engine: Engine) -> None:
    barrier = Barrier(THREADS)

    def count(number: int) -> list[int]:
        barrier.wait()
        # The keys stand in every order, so that no two threads may wait for each other.
        keys = ["all", f"own {number}", "some"][:: 1 if number % 2 else -1]
        windows_s = dict.fromkeys(keys, 60)
        return [count_all(engine, windows_s, NOW)["all"].times for _ in range(EACH)]

    with ThreadPoolExecutor(THREADS) as threads:
        seen = [times for each in threads.map(count, range(THREADS)) for times in each]
    assert sorted(seen) == list(range(1, THREADS * EACH + 1))
    counts = kept(engine)
    assert counts["all"] == counts["some"] == THREADS * EACH
    assert {counts[f"own {number}"] for number in range(THREADS)} == {EACH}


def test_threads_whose_clocks_differ_by_little_share_a_window(engine: Engine) -> None:
    first = count_all(engine, {"k": 60}, NOW)["k"]
    second = count_all(engine, {"k": 60}, NOW - timedelta(seconds=2))["k"]
    assert (second.times, second.expires_at) == (2, first.expires_at)


def test_a_window_begins_with_the_first_count_after_the_one_before(engine: Engine) -> None:
    for seconds, times, ends_s in [(0, 1, 60), (59, 2, 60), (60, 1, 120), (61, 2, 120)]:
        count = count_all(engine, {"k": 60}, NOW + timedelta(seconds=seconds))["k"]
        assert (count.times, count.expires_at) == (times, NOW + timedelta(seconds=ends_s))


def test_a_count_stays_when_the_request_is_taken_back(app: Flask, engine: Engine) -> None:
    def fail_after_counting() -> None:
        with unit_of_work() as session:
            session.execute(text("SELECT 1"))
            count_all(engine, {"k": 60}, NOW)
            raise RuntimeError

    with app.app_context(), pytest.raises(RuntimeError):
        fail_after_counting()
    assert kept(engine) == {"k": 1}


def test_what_is_over_is_forgotten(engine: Engine, session: Session) -> None:
    count_all(engine, {"short": 60, "long": 3600}, NOW)
    assert forget_expired(session, NOW + timedelta(seconds=59), 10) == 0
    assert forget_expired(session, NOW + timedelta(seconds=60), 10) == 1
    assert session.scalars(text("SELECT key FROM rate_limit")).all() == ["long"]


def test_the_sweep_takes_all_of_it(
    app: Flask, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backend.limits.tasks.FORGOTTEN_AT_ONCE", 3)
    count_all(engine, {f"k{number}": 1 for number in range(10)}, NOW)
    monkeypatch.setitem(app.config, "CLOCK", lambda: NOW + timedelta(minutes=1))
    with app.app_context():
        forget_expired_counts()
    assert kept(engine) == {}


def test_the_table_is_unlogged(engine: Engine) -> None:
    with engine.connect() as connection:
        kind = connection.scalar(
            text("SELECT relpersistence FROM pg_class WHERE oid = 'rate_limit'::regclass")
        )
    assert kind == "u"
