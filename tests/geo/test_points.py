"""Tiles of points: every point is counted once, and nothing is lost when there are too many."""

from collections.abc import Sequence
from itertools import product
from math import asinh, pi, radians, tan
from typing import Any

import mapbox_vector_tile
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, Connection, Integer, MetaData, Select, Table, Text, select, text

from geo import points
from geo.orm import spatial
from geo.tiles import OutsidePyramid

SPOT = Table(
    "spot",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("geom", spatial("POINT")),
    Column("kind", Text),
)
ALL: Select[Any] = select(SPOT.c.id, SPOT.c.geom, SPOT.c.kind)

CORNER = (126.97998046875, 37.56199695314352)
"""(lon, lat) of the north-western corner of tile 14/13971/6345 in Seoul."""
COLUMN, ROW = 13971, 6345

Position = tuple[float, float]


def edges(z: int) -> list[float]:
    """Return the meridians between the columns of a zoom."""
    return [360.0 * column / 2**z - 180.0 for column in range(2**z + 1)]


positions = st.tuples(
    st.one_of(st.sampled_from(edges(4)), st.floats(-180, 180)),
    st.one_of(
        st.sampled_from([0.0, 90.0, -90.0, points.MERCATOR_LAT, -points.MERCATOR_LAT]),
        # PostgreSQL refuses to turn the least of all numbers into radians.
        st.floats(-90, 90, allow_subnormal=False),
    ),
)
near_the_corner = st.tuples(
    st.sampled_from([CORNER[0], CORNER[0] + 1e-9, CORNER[0] - 1e-9, CORNER[0] - 0.01]),
    st.sampled_from([CORNER[1], CORNER[1] + 1e-9, CORNER[1] - 1e-9, CORNER[1] + 0.01]),
)


@pytest.fixture
def spots(connection: Connection) -> Connection:
    """A connection with an empty table of points."""
    connection.execute(
        text("CREATE TEMP TABLE spot (id int PRIMARY KEY, geom geometry(Point,4326), kind text)")
    )
    connection.execute(text("CREATE INDEX ON spot USING gist (geom)"))
    return connection


def put(spots: Connection, places: Sequence[Position]) -> None:
    """Have exactly these points in the table, with the ids 1, 2, ..."""
    spots.execute(text("DELETE FROM spot"))
    if places:
        spots.execute(
            text(
                "INSERT INTO spot VALUES (:id, ST_SetSRID(ST_MakePoint(:lon, :lat), 4326),"
                " 'k' || :id)"
            ),
            [{"id": n, "lon": lon, "lat": lat} for n, (lon, lat) in enumerate(places, start=1)],
        )


def features(spots: Connection, z: int, x: int, y: int) -> list[dict[str, Any]]:
    """Return the features of a tile, none for an empty one."""
    tile = points.point_tile(spots, "spots", ALL, z, x, y)
    if tile is None:
        return []
    layer = mapbox_vector_tile.decode(tile, default_options={"y_coord_down": True})["spots"]
    found: list[dict[str, Any]] = layer["features"]
    return found


def count(found: Sequence[dict[str, Any]]) -> int:
    """Return how many points features stand for."""
    return sum(feature["properties"]["point_count"] for feature in found)


law = settings(
    deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@law
@given(places=st.lists(positions, max_size=30), z=st.integers(0, 3))
def test_the_counts_of_a_zoom_add_up_to_the_points(
    spots: Connection, places: list[Position], z: int
) -> None:
    put(spots, places)
    tiles = product(range(2**z), repeat=2)
    assert sum(count(features(spots, z, x, y)) for x, y in tiles) == len(places)


@law
@given(places=st.lists(near_the_corner, max_size=30))
def test_single_points_at_a_corner_of_four_tiles_are_given_once(
    spots: Connection, places: list[Position]
) -> None:
    put(spots, places)
    around = product((COLUMN - 1, COLUMN), (ROW - 1, ROW))
    given_ids = [
        feature["properties"]["id"]
        for x, y in around
        for feature in features(spots, points.CLOSEST_ZOOM, x, y)
    ]
    assert sorted(map(int, given_ids)) == list(range(1, len(places) + 1))


@law
@given(places=st.lists(positions, min_size=1, max_size=30), z=st.integers(0, 2))
def test_every_feature_lies_inside_its_tile(
    spots: Connection, places: list[Position], z: int
) -> None:
    put(spots, places)
    for x, y in product(range(2**z), repeat=2):
        for feature in features(spots, z, x, y):
            assert all(0 <= unit < 4096 for unit in feature["geometry"]["coordinates"])


def test_a_point_alone_in_its_cell_has_its_facts(spots: Connection) -> None:
    put(spots, [(126.9779, 37.5663)])
    (feature,) = features(spots, 5, 27, 12)
    assert feature["properties"] == {"id": "1", "point_count": 1, "kind": "k1"}


def test_points_of_one_cell_are_one_feature_without_facts(spots: Connection) -> None:
    put(spots, [(126.97, 37.56), (126.98, 37.57)])
    (feature,) = features(spots, 5, 27, 12)
    assert feature["properties"] == {"point_count": 2, "splits_at": 11}


def test_a_cluster_on_one_spot_never_falls_apart(spots: Connection) -> None:
    put(spots, [(126.98, 37.5619)] * 3)
    (feature,) = features(spots, 5, 27, 12)
    assert feature["properties"] == {"point_count": 3}


def around(spots: Connection, z: int, places: Sequence[Position]) -> list[dict[str, Any]]:
    """Return the features of all tiles of a zoom that hold one of these positions."""
    addresses = {
        (
            int((lon + 180) / 360 * 2**z),
            int((1 - asinh(tan(radians(lat))) / pi) / 2 * 2**z),
        )
        for lon, lat in places
    }
    return [feature for x, y in addresses for feature in features(spots, z, x, y)]


@law
@given(
    places=st.lists(
        st.tuples(st.floats(127.0, 127.1), st.floats(37.4, 37.5)), min_size=2, max_size=6
    )
)
def test_a_cluster_falls_apart_at_the_zoom_it_names_and_not_before(
    spots: Connection, places: list[Position]
) -> None:
    put(spots, places)
    (cluster,) = around(spots, 4, places)
    splits_at = cluster["properties"].get("splits_at")
    if splits_at is None:
        assert len(around(spots, points.CLOSEST_ZOOM - 1, places)) == 1
    else:
        assert len(around(spots, splits_at - 1, places)) == 1
        assert len(around(spots, splits_at, places)) > 1


def test_the_closest_zoom_gives_points_on_one_spot_one_by_one(spots: Connection) -> None:
    put(spots, [(126.98, 37.5619)] * 3)
    found = features(spots, points.CLOSEST_ZOOM, COLUMN, ROW)
    assert [feature["properties"]["id"] for feature in found] == ["3", "2", "1"]
    assert [feature["id"] for feature in found] == [1, 2, 3]
    assert [feature["properties"]["on_spot"] for feature in found] == [3, 0, 0]


def test_a_point_alone_on_its_spot_says_nothing_of_others(spots: Connection) -> None:
    put(spots, [(126.98, 37.5619), (126.981, 37.5619)])
    found = features(spots, points.CLOSEST_ZOOM, COLUMN, ROW)
    assert ["on_spot" in feature["properties"] for feature in found] == [False, False]


def test_a_tile_that_is_too_full_says_so_and_hides_nothing(
    spots: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(points, "MOST_SINGLE", 3)
    put(spots, [(126.98, 37.5619)] * 10)
    found = features(spots, points.CLOSEST_ZOOM, COLUMN, ROW)
    assert [feature["properties"].get("id") for feature in found] == ["10", "9", "8", None]
    assert found[-1]["properties"] == {"point_count": 7, "truncated": True}


def test_a_tile_has_the_same_bytes_in_whatever_order_rows_are_found(spots: Connection) -> None:
    places = [(126.9 + n / 997, 37.4 + n / 1009) for n in range(200)]
    put(spots, places)
    first = points.point_tile(spots, "spots", ALL, 7, 109, 49)
    spots.execute(text("CREATE TEMP TABLE kept AS SELECT * FROM spot ORDER BY id DESC"))
    spots.execute(text("DELETE FROM spot"))
    spots.execute(text("INSERT INTO spot SELECT * FROM kept"))
    spots.execute(text("SET LOCAL enable_indexscan = off; SET LOCAL enable_bitmapscan = off"))
    spots.execute(text("SET LOCAL enable_hashagg = off"))
    assert first is not None
    assert points.point_tile(spots, "spots", ALL, 7, 109, 49) == first


def test_an_empty_tile_is_none(spots: Connection) -> None:
    assert points.point_tile(spots, "spots", ALL, 5, 0, 0) is None


@pytest.mark.parametrize("address", [(15, 0, 0), (-1, 0, 0), (3, 8, 0), (3, 0, -1)])
def test_outside_the_pyramid_there_is_no_tile(
    spots: Connection, address: tuple[int, int, int]
) -> None:
    with pytest.raises(OutsidePyramid):
        points.point_tile(spots, "spots", ALL, *address)
