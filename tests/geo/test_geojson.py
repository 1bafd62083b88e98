"""GeoJSON goes out as RFC 7946 wants it."""

import json
from itertools import pairwise

import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.boundaries.layer import Layer
from geo.geojson import feature, feature_collection, geometry, point

CLOCKWISE = [(127.0, 37.0), (127.0, 38.0), (128.0, 38.0), (128.0, 37.0), (127.0, 37.0)]
HOLE = [(127.2, 37.2), (127.4, 37.2), (127.4, 37.4), (127.2, 37.4), (127.2, 37.2)]


def is_ccw(ring: list[list[float]]) -> bool:
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring)) > 0


def test_shells_run_counter_clockwise_and_holes_clockwise() -> None:
    shell, hole = geometry(shapely.Polygon(CLOCKWISE, [HOLE]))["coordinates"]
    assert (is_ccw(shell), is_ccw(hole)) == (True, False)


def test_coordinates_have_six_decimals_and_longitude_first() -> None:
    assert point(126.97791234567, 37.56631234567)["coordinates"] == [126.977912, 37.566312]
    ring = geometry(shapely.Point(126.97791234567, 37.5).buffer(0.01))["coordinates"][0]
    assert all(round(x, 6) == x and round(y, 6) == y for x, y in ring)


def test_parts_that_vanish_at_six_decimals_are_left_out() -> None:
    dust = shapely.box(127, 37, 127 + 1e-8, 37 + 1e-8)
    shape = shapely.MultiPolygon([shapely.Polygon(CLOCKWISE), dust])
    assert len(geometry(shape)["coordinates"]) == 1


def test_points_and_lines_pass_as_they_are() -> None:
    line = geometry(shapely.LineString([(127, 37), (128, 38)]))
    assert line == {"type": "LineString", "coordinates": [[127.0, 37.0], [128.0, 38.0]]}
    together = geometry(shapely.GeometryCollection([shapely.Point(127, 37)]))
    assert together["geometries"] == [{"type": "Point", "coordinates": [127.0, 37.0]}]


def test_a_feature_without_a_place_has_a_null_geometry() -> None:
    found = feature_collection([feature(None, {"name": "섬"}, None), feature(None, {}, 7)])
    assert [item["geometry"] for item in found["features"]] == [None, None]
    assert ["id" in item for item in found["features"]] == [False, True]


@given(st.floats(124, 132), st.floats(33, 39), st.floats(1e-4, 1.0))
def test_every_polygon_comes_out_closed_and_counter_clockwise(
    lon: float, lat: float, size: float
) -> None:
    ring = geometry(shapely.Point(lon, lat).buffer(size).reverse())["coordinates"][0]
    assert ring[0] == ring[-1]
    assert is_ccw(ring)


def test_every_sigungu_runs_counter_clockwise(country: Layer) -> None:
    for region, shape in zip(country.regions, country.shapes, strict=True):
        if region.level == 2:
            found = json.loads(json.dumps(geometry(shape)))
            polygons = [found["coordinates"]]
            if found["type"] == "MultiPolygon":
                polygons = found["coordinates"]
            assert all(is_ccw(polygon[0]) for polygon in polygons), region.full_name
