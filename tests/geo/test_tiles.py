"""Vector tiles: every region is there, stable, and outside the pyramid there is nothing."""

from collections.abc import Iterator
from typing import Any

import mapbox_vector_tile
import pytest
from sqlalchemy import Connection, text

from geo import regions, tiles
from tests.support.tiles import tile_of, tiles_of_the_country


def decoded_tiles(connection: Connection, layer: str, z: int) -> Iterator[dict[str, Any]]:
    """Return the tiles of a zoom that something lies in, decoded, as vector layers by name."""
    generation = regions.active_generation(connection).id
    for x, y in tiles_of_the_country(z):
        tile = tiles.draw_tile(connection, layer, generation, z, x, y)
        if tile is not None:
            yield mapbox_vector_tile.decode(tile)


def features(connection: Connection, layer: str, z: int) -> dict[str, int]:
    """Return code -> feature id of everything that a layer shows at a zoom."""
    return {
        feature["properties"]["code"]: feature["id"]
        for tile in decoded_tiles(connection, layer, z)
        for feature in tile[layer]["features"]
    }


def test_layers_say_at_which_zooms_they_are() -> None:
    zooms = {layer.name: (layer.min_zoom, layer.max_zoom) for layer in tiles.layers()}
    assert zooms == {"sido": (0, 6), "sigungu": (5, 12), "emd": (9, 14)}


@pytest.mark.parametrize(("layer", "level"), [("sido", 1), ("sigungu", 2), ("emd", 3)])
def test_every_region_appears_at_the_first_zoom(
    connection: Connection, layer: str, level: int
) -> None:
    shown = features(connection, layer, tiles.get_layer(layer).min_zoom)
    stored = {region.code: region.id for region in regions.list_regions(connection, level)}
    assert shown == stored


@pytest.mark.parametrize(
    ("layer", "level", "z"),
    [("sido", 1, 6), ("sigungu", 2, 8), pytest.param("emd", 3, 9, marks=pytest.mark.heavy)],
)
def test_every_name_stands_once(connection: Connection, layer: str, level: int, z: int) -> None:
    shown = [
        (feature["id"], feature["properties"]["name"])
        for tile in decoded_tiles(connection, layer, z)
        for feature in tile.get(f"{layer}_names", {"features": []})["features"]
    ]
    stored = [(region.id, region.name) for region in regions.list_regions(connection, level)]
    assert sorted(shown) == sorted(stored)


@pytest.mark.parametrize("z", [6, 7, 8, 9])
def test_every_sigungu_stays_while_zooming(connection: Connection, z: int) -> None:
    assert len(features(connection, "sigungu", z)) == 252


def test_a_feature_carries_code_name_and_provenance(connection: Connection) -> None:
    generation = regions.active_generation(connection).id
    tile = tiles.draw_tile(connection, "emd", generation, 14, *tile_of(126.9779, 37.5663, 14))
    assert tile is not None
    layer = mapbox_vector_tile.decode(tile)["emd"]
    found = {feature["properties"]["code"]: feature for feature in layer["features"]}
    assert set(found["11140103"]["properties"]) == set(tiles.FIELDS)
    assert found["11140103"]["properties"]["name"] == "태평로1가"
    assert layer["extent"] == 4096


def test_a_tile_has_the_same_bytes_under_every_plan(connection: Connection) -> None:
    generation = regions.active_generation(connection).id
    address = ("sigungu", generation, 7, *tile_of(127.0, 37.5, 7))
    tile = tiles.draw_tile(connection, *address)
    connection.execute(text("SET LOCAL enable_indexscan = off; SET LOCAL enable_bitmapscan = off"))
    connection.execute(text("SET LOCAL enable_hashjoin = off"))
    assert tiles.draw_tile(connection, *address) == tile


def test_an_empty_tile_is_none(connection: Connection) -> None:
    generation = regions.active_generation(connection).id
    assert tiles.draw_tile(connection, "sido", generation, 6, 0, 0) is None


@pytest.mark.parametrize(
    ("layer", "z", "x", "y"),
    [
        ("sido", 7, 109, 49),
        ("sigungu", 4, 13, 6),
        ("emd", 15, 27946, 12695),
        ("ri", 12, 3493, 1586),
        ("sido", 5, 32, 0),
        ("sido", 5, 0, -1),
    ],
)
def test_outside_the_pyramid_there_is_no_tile(
    connection: Connection, layer: str, z: int, x: int, y: int
) -> None:
    generation = regions.active_generation(connection).id
    with pytest.raises(tiles.OutsidePyramid):
        tiles.draw_tile(connection, layer, generation, z, x, y)


def test_a_generation_that_never_was_in_force_has_no_tiles(connection: Connection) -> None:
    with pytest.raises(tiles.OutsidePyramid, match="999"):
        tiles.draw_tile(connection, "sido", 999, 0, 0, 0)


def test_a_draft_is_not_to_be_seen(connection: Connection) -> None:
    generation = regions.active_generation(connection).id
    connection.execute(
        text("UPDATE region_generation SET state = 'draft', activated_at = NULL WHERE id = :id"),
        {"id": generation},
    )
    with pytest.raises(tiles.OutsidePyramid):
        tiles.draw_tile(connection, "sido", generation, 0, 0, 0)
