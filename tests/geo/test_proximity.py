"""What is nearest is nearest in metres, is found through the index, and stops at a radius."""

from math import hypot

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyproj import Geod
from sqlalchemy import Column, Computed, Connection, Integer, MetaData, Table, text

from geo.crs import SwappedAxes
from geo.orm import spatial
from geo.proximity import OutsidePlane, Places, count_within, find_nearest
from tests.support.plans import nodes, plan_of

SEOUL = (126.9779, 37.5663)
GEOD = Geod(ellps="GRS80")

SPOTS = Table(
    "spot",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("geom", spatial("POINT")),
    Column("geom_5179", spatial("POINT", 5179), Computed("ST_Transform(geom, 5179)")),
)
PLACES = Places(SPOTS.c.id, SPOTS.c.geom_5179)


@pytest.fixture
def spots(connection: Connection) -> Connection:
    """A table of 20,000 points: every neighbourhood's label and copies of it some way off."""
    connection.execute(
        text("""
            CREATE TEMP TABLE spot (
                id int PRIMARY KEY, geom geometry(Point, 4326),
                geom_5179 geometry(Point, 5179)
                    GENERATED ALWAYS AS (ST_Transform(geom, 5179)) STORED
            )
        """)
    )
    connection.execute(
        text("""
            INSERT INTO spot (id, geom)
            SELECT row_number() OVER (ORDER BY n, r.id),
                   ST_Translate(r.label_point, n * 0.007, n * 0.005)
            FROM region r, generate_series(0, 3) AS n WHERE r.level = 3
        """)
    )
    connection.execute(text("CREATE INDEX ON spot USING gist (geom_5179)"))
    connection.execute(text("ANALYZE spot"))
    return connection


def metres(a: tuple[float, float], b: tuple[float, float]) -> float:
    return float(GEOD.inv(*a, *b)[2])


def test_the_nearest_is_the_one_that_is_nearest_on_the_ground(spots: Connection) -> None:
    positions = {
        row.id: (row.lon, row.lat)
        for row in spots.execute(text("SELECT id, ST_X(geom) AS lon, ST_Y(geom) AS lat FROM spot"))
    }
    wrong_by_degrees = 0
    for lon, lat in list(positions.values())[5::400]:
        centre = (lon + 0.011, lat - 0.004)
        degrees = {id_: hypot(x - centre[0], y - centre[1]) for id_, (x, y) in positions.items()}
        close = [id_ for id_, apart in degrees.items() if apart < 0.3]
        on_the_ground = min(metres(positions[id_], centre) for id_ in close)
        found = find_nearest(spots, PLACES, *centre, radius_m=100_000, limit=1)[0]
        assert metres(positions[found.id], centre) == pytest.approx(on_the_ground, rel=1e-3)
        wrong_by_degrees += min(close, key=degrees.__getitem__) != found.id
    assert wrong_by_degrees > 0


def test_distances_are_metres_on_the_ground(spots: Connection) -> None:
    found = find_nearest(spots, PLACES, *SEOUL, radius_m=5_000, limit=50)
    assert [near.distance_m for near in found] == sorted(near.distance_m for near in found)
    position = spots.execute(
        text("SELECT ST_X(geom), ST_Y(geom) FROM spot WHERE id = :id"), {"id": found[-1].id}
    ).one()
    assert found[-1].distance_m == pytest.approx(metres(tuple(position), SEOUL), rel=1e-3)


def test_the_index_gives_the_order(spots: Connection) -> None:
    plan = plan_of(spots, lambda: find_nearest(spots, PLACES, *SEOUL, radius_m=50_000, limit=10))
    kinds = [node["Node Type"] for node in nodes(plan)]
    # Only what the inner limit lets through is sorted, to settle ties.
    assert kinds[-2:] == ["Limit", "Index Scan"]
    assert "<->" in nodes(plan)[-1]["Order By"]
    assert "Index Cond" in nodes(plan)[-1]


def test_nothing_beyond_the_radius_is_near(spots: Connection) -> None:
    everything = find_nearest(spots, PLACES, *SEOUL, radius_m=2_000, limit=1_000)
    assert 0 < len(everything) < 1_000
    assert max(near.distance_m for near in everything) <= 2_000
    assert find_nearest(spots, PLACES, 125.0, 35.0, radius_m=1_000, limit=10) == []


def test_equal_distances_are_ordered_by_key(spots: Connection) -> None:
    spots.execute(
        text("""
            INSERT INTO spot (id, geom)
            SELECT 100000 - n, ST_SetSRID(ST_MakePoint(126.9779, 37.5663), 4326)
            FROM generate_series(0, 5) AS n
        """)
    )
    found = find_nearest(spots, PLACES, *SEOUL, radius_m=100, limit=4)
    assert [near.id for near in found] == [99_995, 99_996, 99_997, 99_998]


QUIET = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@QUIET
@given(
    st.floats(126.0, 129.5),
    st.floats(34.0, 38.5),
    st.lists(st.floats(0, 20_000), min_size=1, max_size=4),
)
def test_counts_are_those_of_the_list(
    spots: Connection, lon: float, lat: float, distances_m: list[float]
) -> None:
    everything = find_nearest(spots, PLACES, lon, lat, radius_m=max(distances_m), limit=50_000)
    counted = count_within(spots, PLACES, lon, lat, distances_m=distances_m)
    assert [(within.within_m, within.count) for within in counted] == [
        (within_m, sum(near.distance_m <= within_m for near in everything))
        for within_m in sorted(set(distances_m))
    ]


def test_a_point_elsewhere_is_refused(spots: Connection) -> None:
    with pytest.raises(SwappedAxes):
        find_nearest(spots, PLACES, 37.5, 127.0, radius_m=1_000, limit=1)
    with pytest.raises(OutsidePlane):
        find_nearest(spots, PLACES, -74.0, 40.7, radius_m=1_000, limit=1)


@pytest.mark.parametrize("radius_m", [-1.0, 100_001.0, float("nan"), float("inf")])
def test_no_search_is_without_a_bound(spots: Connection, radius_m: float) -> None:
    with pytest.raises(ValueError, match="radius"):
        find_nearest(spots, PLACES, *SEOUL, radius_m=radius_m, limit=1)


def test_nothing_asked_is_nothing_counted(spots: Connection) -> None:
    assert count_within(spots, PLACES, *SEOUL, distances_m=[]) == []
