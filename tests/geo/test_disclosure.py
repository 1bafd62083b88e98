"""The public point of a place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from geo.crs import SwappedAxes
from geo.disclosure import PUBLIC_CELL_M, home_stands_out, public_point

GEOD = Geod(ellps="GRS80")


@given(st.floats(124.6, 131.9), st.floats(33.0, 38.6))
def test_the_public_point_is_near_and_stable(lon: float, lat: float) -> None:
    shown = public_point(lon, lat)
    assert GEOD.inv(lon, lat, *shown)[2] <= PUBLIC_CELL_M * 0.71 * 1.01
    assert public_point(lon, lat) == shown
    assert public_point(*shown) == shown


def test_points_of_one_cell_cannot_be_told_apart() -> None:
    centre = public_point(126.9779, 37.5663)
    assert public_point(centre[0] + 0.0005, centre[1] - 0.0005) == centre


def test_a_cell_has_a_side_and_a_point_its_order() -> None:
    with pytest.raises(ValueError, match="positive"):
        public_point(127.0, 37.0, cell_m=0)
    with pytest.raises(SwappedAxes):
        public_point(37.0, 127.0)


HERE, THERE = "11305103", "11305101"


@pytest.mark.parametrize(
    ("around", "stands_out"),
    [({HERE, THERE}, False), ({THERE}, False), (set(), False), ({HERE}, True)],
)
def test_a_home_stands_out_where_it_is_the_only_neighbourhood(
    around: set[str], stands_out: bool
) -> None:
    assert home_stands_out(HERE, around) is stands_out
