"""Tiles of low zooms are drawn once; what is stored is what would be drawn."""

import pytest
from sqlalchemy import Connection, text

from geo import regions, tiles
from geo.boundaries.completion import complete_generations
from geo.finished_tiles import finish, pack, unpack
from geo.stored_tiles import STORED_TO_ZOOM, region_tile
from tests.support.tiles import tiles_of_the_country

ADDRESSES = text("""
    SELECT level, zoom, x, y, packed FROM region_tile WHERE generation_id = :generation
    ORDER BY md5(level::text || zoom || x || y)
""")
LAYERS = {layer.level: layer for layer in tiles.layers()}


@pytest.fixture
def generation(connection: Connection) -> int:
    return regions.active_generation(connection).id


def check_stored(connection: Connection, generation: int, most: int | None) -> None:
    rows = connection.execute(ADDRESSES, {"generation": generation}).all()[:most]
    assert rows
    for level, *address, packed in rows:
        drawn = tiles.draw_tile(connection, LAYERS[level].name, generation, *address)
        assert unpack(bytes(packed)) == finish(drawn)


def test_a_stored_tile_is_the_one_that_would_be_drawn(
    connection: Connection, generation: int
) -> None:
    check_stored(connection, generation, 300)


@pytest.mark.heavy
def test_every_stored_tile_is_the_one_that_would_be_drawn(
    connection: Connection, generation: int
) -> None:
    check_stored(connection, generation, None)


@pytest.mark.parametrize(("layer", "zoom"), [("sido", 5), ("sigungu", 7), ("emd", 9)])
def test_every_tile_of_a_zoom_that_something_lies_in_is_stored(
    connection: Connection, generation: int, layer: str, zoom: int
) -> None:
    rows = connection.execute(ADDRESSES, {"generation": generation}).all()
    level = tiles.get_layer(layer).level
    stored = {(row.x, row.y) for row in rows if (row.level, row.zoom) == (level, zoom)}
    drawn = {
        (x, y)
        for x, y in tiles_of_the_country(zoom)
        if tiles.draw_tile(connection, layer, generation, zoom, x, y)
    }
    assert stored == drawn


def test_what_is_stored_is_what_is_served(connection: Connection, generation: int) -> None:
    update = text("UPDATE region_tile SET packed = :packed WHERE zoom = 6")
    connection.execute(update, {"packed": pack(b"stored")})
    assert region_tile(connection, "sigungu", generation, 6, 54, 24).plain.body == b"stored"


def test_what_is_not_stored_is_drawn(connection: Connection, generation: int) -> None:
    before = region_tile(connection, "sigungu", generation, 6, 54, 24)
    connection.execute(text("DELETE FROM region_tile"))
    assert not before.is_empty
    assert region_tile(connection, "sigungu", generation, 6, 54, 24) == before


def test_close_zooms_are_drawn(connection: Connection, generation: int) -> None:
    deepest = connection.scalar(text("SELECT max(zoom) FROM region_tile"))
    assert deepest == STORED_TO_ZOOM < LAYERS[3].max_zoom
    address = (13, 6986, 3177)
    assert region_tile(connection, "emd", generation, *address) == finish(
        tiles.draw_tile(connection, "emd", generation, *address)
    )


def test_a_draft_shows_no_stored_tile(connection: Connection, generation: int) -> None:
    connection.execute(
        text("UPDATE region_generation SET state = 'draft', activated_at = NULL"),
    )
    with pytest.raises(tiles.OutsidePyramid):
        region_tile(connection, "sigungu", generation, 6, 54, 24)


def test_boundaries_from_before_get_their_tiles(connection: Connection, generation: int) -> None:
    given = {"generation": generation}
    before = connection.execute(ADDRESSES, given).all()
    connection.execute(text("DELETE FROM region_tile"))
    complete_generations(connection, lambda _: None)
    assert connection.execute(ADDRESSES, given).all() == before
