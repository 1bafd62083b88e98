"""Distances and borders between regions: exact, symmetric, and as PostGIS measures them."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from geo.boundaries.distances import LARGE, pair_distances
from geo.boundaries.layer import Layer
from geo.boundaries.neighbours import FEWEST, measure_pairs
from geo.crs import project
from geo.regions.neighbours import BANDS_M, REACH_M

TRUE_PAIRS = text("""
    SELECT a.code, b.code AS other,
           ST_Distance(ST_Transform(a.geom, 5179), ST_Transform(b.geom, 5179)) AS distance_m,
           n.distance_m AS stored_m, n.border_m,
           ST_Length(ST_Intersection(ST_Boundary(a.geom), ST_Boundary(b.geom))) > 0 AS touches
    FROM region_neighbour n JOIN region a ON a.id = n.low_id JOIN region b ON b.id = n.high_id
    WHERE a.level = :level AND (n.low_id * 31 + n.high_id) % :every = 0
""")


def plane(country: Layer, level: int) -> np.ndarray:
    members = [region.level == level for region in country.regions]
    return project(country.shapes[members], 4326, 5179)


def check_against_postgis(connection: Connection, level: int, every: int) -> int:
    connection.execute(text("SET LOCAL statement_timeout = 0"))
    rows = connection.execute(TRUE_PAIRS, {"level": level, "every": every}).all()
    for row in rows:
        assert row.stored_m == pytest.approx(row.distance_m, abs=0.01), (row.code, row.other)
        assert (row.border_m > 0) == row.touches, (row.code, row.other)
    return len(rows)


@pytest.mark.parametrize(("level", "every"), [(2, 97), (3, 997)])
def test_stored_distances_are_those_of_postgis(
    connection: Connection, level: int, every: int
) -> None:
    assert check_against_postgis(connection, level, every) > 20


@pytest.mark.heavy
@pytest.mark.parametrize(("level", "every"), [(1, 1), (2, 3), (3, 37)])
def test_many_stored_distances_are_those_of_postgis(
    connection: Connection, level: int, every: int
) -> None:
    assert check_against_postgis(connection, level, every) > 20


@pytest.mark.heavy
def test_no_sigungu_in_reach_is_missing(connection: Connection, country: Layer) -> None:
    shapes = plane(country, 2)
    codes = [region.code for region in country.regions if region.level == 2]
    stored = {
        (row.low, row.high)
        for row in connection.execute(
            text("""
                SELECT a.code AS low, b.code AS high FROM region_neighbour n
                JOIN region a ON a.id = n.low_id JOIN region b ON b.id = n.high_id
                WHERE a.level = 2 AND n.distance_m <= :reach_m
            """),
            {"reach_m": REACH_M[2]},
        )
    }
    shapely.prepare(shapes)
    first, second = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=REACH_M[2])
    assert stored == {(codes[a], codes[b]) for a, b in zip(first, second, strict=True) if a < b}


def test_eight_sigungu_touch_nobody_and_know_who_is_nearest(connection: Connection) -> None:
    rows = connection.execute(
        text("""
            SELECT r.code, count(*) AS known, bool_or(n.border_m > 0) AS touches
            FROM region r JOIN region_neighbour n ON r.id IN (n.low_id, n.high_id)
            WHERE r.level = 2 GROUP BY r.code
        """)
    ).all()
    assert len(rows) == 252
    assert sum(not row.touches for row in rows) == 8
    assert min(row.known for row in rows) >= FEWEST


def test_bands_lie_in_reach() -> None:
    assert {level: bands[-1] for level, bands in BANDS_M.items()} == REACH_M


def test_large_shapes_are_measured_as_exactly_as_small_ones(country: Layer) -> None:
    shapes = plane(country, 2)
    vertices = shapely.get_num_coordinates(shapes)
    largest = np.argsort(vertices)[-8:]
    low, high = np.triu_indices(len(largest), 1)
    assert (vertices[largest[low]] * vertices[largest[high]] > LARGE).all()
    found = pair_distances(shapes[largest], low, high)
    assert found == pytest.approx(shapely.distance(shapes[largest[low]], shapes[largest[high]]))


SIZES = st.integers(1, 12)


@settings(deadline=None)
@given(st.data(), SIZES, SIZES, st.floats(0, 400))
def test_pairs_of_a_grid_are_all_there_and_measured(
    data: st.DataObject, columns: int, rows: int, reach_m: float
) -> None:
    cells = [shapely.box(x * 100, y * 100, x * 100 + 100, y * 100 + 100)
             for y in range(rows) for x in range(columns)]  # fmt: skip
    kept = data.draw(st.sets(st.integers(0, len(cells) - 1), min_size=1))
    shapes = np.array([cells[at] for at in sorted(kept)], dtype=object)
    pairs = measure_pairs(shapes, reach_m)
    found = {
        (low, high): (distance_m, border_m)
        for low, high, distance_m, border_m in zip(
            pairs.low.tolist(), pairs.high.tolist(), pairs.distance_m, pairs.border_m, strict=True
        )
    }
    assert len(found) == len(pairs.low)
    reached = np.zeros(len(shapes), dtype=int)
    for low, high in zip(*np.triu_indices(len(shapes), 1), strict=True):
        distance_m = shapely.distance(shapes[low], shapes[high])
        common = shapely.length(shapely.intersection(shapes[low], shapes[high]))
        if distance_m <= reach_m:
            assert (low, high) in found
        if (low, high) in found:
            reached[[low, high]] += 1
            assert found[low, high] == (pytest.approx(distance_m), pytest.approx(common))
    assert (reached >= min(FEWEST, len(shapes) - 1)).all()
