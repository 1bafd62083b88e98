"""The tiles asked for are distinct, over land, and where each server has them."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.geo.points import Position
from bench.geo.tile_sets import TileSet, over_land, requests, template, tile_at, tipg_template


@pytest.mark.parametrize(
    ("zoom", "tile"),
    # The city hall of Seoul, by the formula of the web's maps.
    [(0, (0, 0, 0)), (8, (8, 218, 99)), (12, (12, 3492, 1586))],
)
def test_a_point_lies_in_its_tile(zoom: int, tile: tuple[int, int, int]) -> None:
    assert tile_at(126.9779, 37.5663, zoom) == tile


@given(lon=st.floats(124, 132), lat=st.floats(33, 39), zoom=st.integers(0, 14))
def test_four_tiles_make_the_one_above(lon: float, lat: float, zoom: int) -> None:
    _, x, y = tile_at(lon, lat, zoom + 1)
    assert tile_at(lon, lat, zoom) == (zoom, x // 2, y // 2)


def test_no_tile_is_asked_for_twice() -> None:
    here, there = Position(127.0, 37.5), Position(129.0, 35.2)
    tiles = over_land(TileSet(8, "emd", 9), [here, here, there])
    assert tiles == [tile_at(127.0, 37.5, 8), tile_at(129.0, 35.2, 8)]


def test_a_set_has_no_more_tiles_than_it_may() -> None:
    spread = [Position(126 + step / 10, 36.0) for step in range(20)]
    assert len(over_land(TileSet(12, "emd", 7), spread)) == 7


@pytest.mark.parametrize("base", ["", "http://127.0.0.1:8000"])
def test_the_address_of_our_tiles_is_read_from_tilejson(base: str) -> None:
    described = json.dumps({"tiles": [f"{base}/tiles/emd/1/{{z}}/{{x}}/{{y}}"]})
    assert template(described) == "/tiles/emd/1/{z}/{x}/{y}"


def test_tiles_are_asked_for_packed_and_with_their_own_headers() -> None:
    asked = requests("/t/{z}/{x}/{y}", [(8, 1, 2), (8, 3, 4)], [{"If-None-Match": "a"}, {}])
    assert [each.path for each in asked] == ["/t/8/1/2", "/t/8/3/4"]
    assert asked[0].headers == {"Accept-Encoding": "gzip", "If-None-Match": "a"}


def test_tipg_draws_the_attributes_that_ours_draws() -> None:
    path = tipg_template("emd").format(z=8, x=1, y=2)
    assert path == (
        "/collections/tipg.emd/tiles/WebMercatorQuad/8/1/2?properties=code,name,provenance"
    )
