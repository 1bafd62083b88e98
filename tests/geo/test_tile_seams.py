"""Neighbours meet: inside a tile there is no gap between regions and no overlap to be seen."""

import math

import mapbox_vector_tile
import pytest
import shapely
from shapely.geometry import shape
from sqlalchemy import Connection

from geo import regions, tiles
from geo.tiling import EXTENT

QUARTER_PIXEL = EXTENT / 512 / 4
"""Units; clients draw a tile 512 pixels wide. PostGIS thins out each shape by half a unit for
itself, so neighbours agree to a unit or two and not exactly."""

INLAND = {
    "Seoul": (127.0, 37.55),
    "Daejeon": (127.38, 36.35),
    "Daegu": (128.6, 35.87),
    "Chungju": (127.93, 36.97),
}
"""(lon, lat) in the midst of land."""

CASES = [
    (layer, z, place)
    for layer, zooms in (("sigungu", range(9, 13)), ("emd", range(9, 15)))
    for z in zooms
    for place in INLAND
    # There the tile reaches the bays behind the dikes of Incheon and Siheung.
    if (place, z) != ("Seoul", 9)
]


def shapes_at(connection: Connection, layer: str, z: int, place: str) -> list[shapely.Geometry]:
    """Return the shapes of a tile as they are drawn, in its units."""
    lon, lat = INLAND[place]
    x = int((lon + 180) / 360 * 2**z)
    y = int((1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * 2**z)
    generation = regions.active_generation(connection).id
    tile = tiles.draw_tile(connection, layer, generation, z, x, y)
    assert tile is not None
    found = mapbox_vector_tile.decode(tile, default_options={"y_coord_down": True})[layer]
    return [shape(feature["geometry"]) for feature in found["features"]]


def wide(shape_: shapely.Geometry) -> shapely.Geometry:
    """Return what is left of a shape where it is wider than a quarter of a pixel."""
    return shape_.buffer(-QUARTER_PIXEL / 2)


def gaps(shapes: list[shapely.Geometry]) -> list[str]:
    """Return the openings between shapes that are wide enough to be seen."""
    parts = shapely.get_parts(shapely.union_all(shapes))
    openings = [shapely.Polygon(ring) for part in parts for ring in part.interiors]
    return [opening.wkt for opening in openings if not wide(opening).is_empty]


def overlaps(shapes: list[shapely.Geometry]) -> list[str]:
    """Return what two shapes share, where it is wide enough to be seen."""
    pairs = shapely.STRtree(shapes).query(shapes, predicate="intersects").T.tolist()
    common = [shapes[one].intersection(shapes[other]) for one, other in pairs if one < other]
    return [shape_.wkt for shape_ in common if not wide(shape_).is_empty]


@pytest.mark.parametrize(("layer", "z", "place"), CASES)
def test_no_gap_between_neighbours_can_be_seen(
    connection: Connection, layer: str, z: int, place: str
) -> None:
    assert gaps(shapes_at(connection, layer, z, place)) == []


@pytest.mark.parametrize(("layer", "z", "place"), CASES)
def test_no_overlap_of_neighbours_can_be_seen(
    connection: Connection, layer: str, z: int, place: str
) -> None:
    shapes = shapes_at(connection, layer, z, place)
    assert all(one.is_valid for one in shapes)
    assert overlaps(shapes) == []


@pytest.mark.parametrize("z", [11, 12, 13, 14])
def test_an_inland_tile_is_covered_from_edge_to_edge(connection: Connection, z: int) -> None:
    tile = shapely.box(0, 0, EXTENT, EXTENT)
    bare = tile.difference(shapely.union_all(shapes_at(connection, "emd", z, "Seoul")))
    assert wide(bare).is_empty


def test_a_gap_and_an_overlap_would_be_found() -> None:
    left, right = shapely.box(0, 0, 50, 100), shapely.box(53, 0, 100, 100)
    bridges = [shapely.box(50, 0, 53, 10), shapely.box(50, 90, 53, 100)]
    assert len(gaps([left, right, *bridges])) == 1
    assert len(overlaps([left, shapely.box(47, 0, 60, 100)])) == 1
