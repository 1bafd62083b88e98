"""The atlas answers from memory, and follows the boundaries within a second."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import text

from backend.db import db
from backend.regions import atlas as module
from backend.regions import service
from backend.regions.atlas import TRUSTED_S, Atlas
from backend.regions.errors import BoundariesNotLoaded, CoordinatesSwapped, PointOutsideKorea
from geo.regions import Owner, activate, active_generation
from tests.support.incheon import YEONGJONG

AIRPORT = {"lon": 126.4407, "lat": 37.4602}


class Seconds:
    """A clock of seconds that a test moves."""

    def __init__(self) -> None:
        self.time = 100.0

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, float]]:
    """The points that the database was asked about."""
    points: list[dict[str, float]] = []
    find_owner = service.find_owner

    def note(conn: object, **point: float) -> Owner:
        points.append(point)
        return find_owner(conn, **point)

    monkeypatch.setattr(service, "find_owner", note)
    return points


@contextmanager
def new_boundaries(app: Flask) -> Iterator[int]:
    """Put the waiting generation in force and yield its id."""
    with app.app_context():
        session = db.session()
        new = session.scalar(text("SELECT id FROM region_generation WHERE state = 'validated'"))
        activate(session, new, datetime(2026, 11, 25, tzinfo=UTC))
        session.commit()
        yield new


def sigungu_of(owner: Owner) -> str:
    return owner.gazetteer.regions[owner.region.region_id].code[:5]


def test_after_the_first_a_point_costs_no_statement(
    committed_app: Flask, asked: list[dict[str, float]]
) -> None:
    atlas = Atlas()
    with committed_app.app_context():
        assert sigungu_of(atlas.find_owner(**AIRPORT)) == "28110"
    assert asked == []


def test_what_memory_leaves_open_the_database_answers(
    committed_app: Flask, asked: list[dict[str, float]]
) -> None:
    pier = {"lon": 129.1870, "lat": 35.1480}
    with committed_app.app_context():
        assert Atlas().find_owner(**pier).match == "nearest"
    assert asked == [pier]


@pytest.mark.parametrize(
    ("point", "error"),
    [
        ({"lon": 37.46, "lat": 126.44}, CoordinatesSwapped),
        ({"lon": 139.7, "lat": 35.7}, PointOutsideKorea),
    ],
)
def test_what_is_no_place_here_is_refused_as_by_the_database(
    committed_app: Flask, point: dict[str, float], error: type[Exception]
) -> None:
    with committed_app.app_context(), pytest.raises(error):
        Atlas().find_owner(**point)


def test_without_boundaries_it_says_so(committed_app: Flask) -> None:
    with committed_app.app_context():
        db.session.execute(text("UPDATE region_generation SET state = 'retired'"))
        db.session.commit()
        with pytest.raises(BoundariesNotLoaded):
            Atlas().find_owner(**AIRPORT)


def test_new_boundaries_are_seen_when_the_trust_ends(incheon_app: Flask, seconds: Seconds) -> None:
    atlas = Atlas(seconds)
    with incheon_app.app_context():
        assert sigungu_of(atlas.find_owner(**AIRPORT)) == "28110"
    with new_boundaries(incheon_app):
        seconds.time += TRUSTED_S - 0.01
        assert sigungu_of(atlas.find_owner(**AIRPORT)) == "28110"
        seconds.time += 0.01
        assert sigungu_of(atlas.find_owner(**AIRPORT)) == YEONGJONG


def test_whoever_was_shown_new_boundaries_is_not_shown_the_old_ones_again(
    incheon_app: Flask, seconds: Seconds
) -> None:
    atlas = Atlas(seconds)
    with incheon_app.app_context():
        atlas.find_owner(**AIRPORT)
    with new_boundaries(incheon_app) as new:
        at_sea = atlas.find_owner(lon=129.1870, lat=35.1480)
        assert at_sea.gazetteer.generation.id == new
        assert sigungu_of(atlas.find_owner(**AIRPORT)) == YEONGJONG


def test_while_one_reads_the_others_ask_the_database(
    committed_app: Flask, asked: list[dict[str, float]], monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, may_end = threading.Event(), threading.Event()
    read_recall = module.read_recall

    def read_slowly(*args: object) -> object:
        begun.set()
        assert may_end.wait(30)
        return read_recall(*args)

    monkeypatch.setattr(module, "read_recall", read_slowly)
    atlas, found = Atlas(), []

    def ask() -> None:
        with committed_app.app_context():
            found.append(atlas.find_owner(**AIRPORT))

    reader = threading.Thread(target=ask)
    reader.start()
    assert begun.wait(30)
    ask()
    assert asked == [AIRPORT]
    may_end.set()
    reader.join(30)
    assert [sigungu_of(owner) for owner in found] == ["28110", "28110"]


def test_inside_a_transaction_of_a_test_nothing_is_kept(
    app: Flask, connection: object, asked: list[dict[str, float]]
) -> None:
    atlas = Atlas()
    with app.app_context():
        for _ in range(2):
            assert atlas.find_owner(**AIRPORT).gazetteer.generation == active_generation(
                db.session()
            )
    assert asked == [AIRPORT, AIRPORT]
