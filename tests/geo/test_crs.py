"""Positions, projections and areas."""

import numpy as np
import pytest
import shapely

from geo.crs import InvalidCoordinates, SwappedAxes, areas_km2, check_position, to_web


@pytest.mark.parametrize(("lon", "lat"), [(126.9779, 37.5663), (-0.1, 51.5), (180.0, -90.0)])
def test_a_position_anywhere_on_earth_passes(lon: float, lat: float) -> None:
    check_position(lon, lat)


def test_a_swapped_position_is_told_from_a_wrong_one() -> None:
    with pytest.raises(SwappedAxes):
        check_position(37.5663, 126.9779)


@pytest.mark.parametrize(
    ("lon", "lat"),
    [(float("nan"), 37.0), (127.0, float("inf")), (181.0, 37.0), (127.0, 91.0)],
)
def test_what_is_no_position_is_refused(lon: float, lat: float) -> None:
    with pytest.raises(InvalidCoordinates):
        check_position(lon, lat)


def test_neighbours_share_their_vertices_after_projection() -> None:
    left, right = shapely.box(127, 37, 127.5, 38), shapely.box(127.5, 37, 128, 38)
    assert shapely.coverage_is_valid(to_web(np.array([left, right])))


def test_a_square_kilometre_measures_one() -> None:
    degree_lat, degree_lon = 1 / 110.99, 1 / 88.49
    square = shapely.box(127.5, 37.0, 127.5 + degree_lon, 37.0 + degree_lat)
    assert areas_km2(np.array([square]))[0] == pytest.approx(1.0, rel=0.01)
