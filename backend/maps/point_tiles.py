"""Tiles of proposals and placements over HTTP: live, so cached shortly and revalidated."""

from typing import cast

from flask import current_app
from werkzeug import Response

from backend.answers import SHORT
from backend.auth.guards import public
from backend.db import read_connection
from backend.maps.answers import answer
from backend.maps.point_layers import LAYERS, check_filters, draw_points
from backend.maps.point_schemas import PointTileDescriptionSchema, PointTileQuerySchema
from backend.maps.tile_cache import TileCache
from backend.maps.tiles import MVT, TileNotFound, tile_response
from backend.openapi import Blueprint
from geo.finished_tiles import FinishedTile, finish
from geo.tiles import OutsidePyramid

EXTENSION = "dongne_point_tiles_in_the_making"
NAMES = f"<any({', '.join(LAYERS)}):layer>"

blp = Blueprint("point_tiles", __name__, url_prefix="/tiles", description="Vector tiles of points")


@blp.get(f"/{NAMES}.json")
@public
@blp.response(200, PointTileDescriptionSchema)
def describe_point_tiles(layer: str) -> Response:
    """Describe a layer of points (TileJSON 3.0)."""
    return answer(PointTileDescriptionSchema(), LAYERS[layer])


@blp.get(f"/{NAMES}/<int:z>/<int:x>/<int:y>")
@public
@blp.arguments(PointTileQuerySchema, location="query")
@blp.response(
    200,
    {"type": "string", "format": "binary"},
    content_type=MVT,
    description="A Mapbox Vector Tile (MVT 2.1)",
)
@blp.alt_response(204, description="Nothing lies in the tile")
@blp.alt_response(304, description="The reader has this tile")
def show_point_tile(query: dict[str, str], layer: str, z: int, x: int, y: int) -> Response:
    """Show one tile of points: clusters with exact counts, single points at the closest zoom."""
    served = LAYERS[layer]
    check_filters(served, query)

    def draw() -> FinishedTile:
        with read_connection() as connection:
            tile = draw_points(connection, served, z, x, y, query)
        return finish(tile)

    in_the_making = cast("TileCache", current_app.extensions[EXTENSION])
    key = (layer, z, x, y, *sorted(query.items()))
    try:
        return tile_response(in_the_making.get(key, draw), SHORT)
    except OutsidePyramid as exc:
        raise TileNotFound from exc
