"""Vector tiles over HTTP: unchanging per generation of the boundaries, so cached for a year."""

import gzip
from hashlib import sha256

from flask import request
from werkzeug import Response

from backend.auth.guards import public
from backend.db import read_connection
from backend.errors import NotFound
from backend.maps.answers import answer
from backend.maps.queries import TileSet, current_generation, read_attribution
from backend.maps.schemas import TileDescriptionSchema
from backend.openapi import Blueprint
from geo import tiles

MVT = "application/vnd.mapbox-vector-tile"
IMMUTABLE = "public, max-age=31536000, immutable"
GZIP_LEVEL = 5
SMALLEST_WORTH_PACKING = 1024
"""Bytes; below it gzip saves nothing that a packet would notice."""

blp = Blueprint("tiles", __name__, url_prefix="/tiles", description="Vector tiles of the regions")


class TileNotFound(NotFound):
    """There is no such layer, zoom, tile or generation."""

    code = "tile_not_found"
    ko = "그런 지도 조각이 없습니다."
    en = "There is no such tile."


@blp.get("/<layer>.json")
@public
@blp.response(200, TileDescriptionSchema)
def describe_tiles(layer: str) -> Response:
    """Describe a layer and the tiles of the boundaries in force, much as TileJSON 3.0 does."""
    with read_connection() as connection:
        try:
            served = tiles.get_layer(layer)
        except tiles.OutsidePyramid as exc:
            raise TileNotFound from exc
        generation = current_generation(connection)
        tile_set = TileSet(served, generation, read_attribution(connection, generation))
    return answer(TileDescriptionSchema(), tile_set)


@blp.get("/<layer>/<int:generation>/<int:z>/<int:x>/<int:y>")
@public
@blp.response(
    200,
    {"type": "string", "format": "binary"},
    content_type=MVT,
    description="A Mapbox Vector Tile (MVT 2.1)",
)
@blp.alt_response(204, description="Nothing lies in the tile")
@blp.alt_response(304, description="The reader has this tile")
def show_tile(layer: str, generation: int, z: int, x: int, y: int) -> Response:
    """Show one tile of a layer; z is the zoom, x the column from the west, y the row from the
    north.
    """
    with read_connection() as connection:
        try:
            tile = tiles.region_tile(connection, layer, generation, z, x, y)
        except tiles.OutsidePyramid as exc:
            raise TileNotFound from exc
    # The connection is back in its pool before the packing begins.
    return _tile_response(tile)


def _tile_response(tile: bytes | None) -> Response:
    if tile is None:
        response = Response(status=204)
        response.headers["Cache-Control"] = IMMUTABLE
        return response
    response = Response(tile, mimetype=MVT)
    response.headers["Cache-Control"] = IMMUTABLE
    response.vary.add("Accept-Encoding")
    etag = sha256(tile).hexdigest()[:32]
    if len(tile) >= SMALLEST_WORTH_PACKING and request.accept_encodings["gzip"]:
        # Without the time, the same tile has the same bytes again.
        response.set_data(gzip.compress(tile, GZIP_LEVEL, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
        etag += "-gzip"
    response.set_etag(etag)
    return response.make_conditional(request)
