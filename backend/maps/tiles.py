"""Vector tiles over HTTP: unchanging per generation of the boundaries, so cached for a year."""

from functools import lru_cache
from typing import cast

from flask import current_app, request
from werkzeug import Response
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

from backend.answers import IMMUTABLE
from backend.auth.guards import public
from backend.db import read_connection
from backend.errors import NotFound
from backend.maps.answers import answer
from backend.maps.tile_cache import TileCache
from backend.maps.tile_schemas import TileDescriptionSchema
from backend.maps.tile_sets import read_tile_set
from backend.openapi import Blueprint
from geo import tiles
from geo.finished_tiles import FinishedTile
from geo.stored_tiles import region_tile

MVT = "application/vnd.mapbox-vector-tile"
EXTENSION = "dongne_tile_cache"

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
    """Describe a layer and the tiles of the boundaries in force (TileJSON 3.0)."""
    try:
        served = tiles.get_layer(layer)
    except tiles.OutsidePyramid as exc:
        raise TileNotFound from exc
    with read_connection() as connection:
        tile_set = read_tile_set(connection, served, request.host_url)
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

    def draw() -> FinishedTile:
        with read_connection() as connection:
            return region_tile(connection, layer, generation, z, x, y)

    cache = cast("TileCache", current_app.extensions[EXTENSION])
    try:
        return tile_response(cache.get((layer, generation, z, x, y), draw), IMMUTABLE)
    except tiles.OutsidePyramid as exc:
        raise TileNotFound from exc


def tile_response(tile: FinishedTile, cache_control: str) -> Response:
    """Return a finished tile or 304, in few steps: this is what the map asks for the most."""
    if tile.is_empty:
        return Response(status=204, headers={"Cache-Control": cache_control})
    headers = [("Cache-Control", cache_control), ("Vary", "Accept-Encoding")]
    shown = tile.plain
    if tile.packed is not None and _takes_gzip(request.headers.get("Accept-Encoding", "")):
        shown = tile.packed
        headers.append(("Content-Encoding", "gzip"))
    headers.append(("ETag", f'"{shown.etag}"'))
    if request.if_none_match.contains_weak(shown.etag):
        return Response(status=304, headers=headers, content_type=MVT)
    return Response(shown.body, headers=headers, content_type=MVT)


@lru_cache(maxsize=64)
def _takes_gzip(accepted: str) -> bool:
    """Tell whether a reader takes gzip; browsers send the same few sentences again and again."""
    return parse_accept_header(accepted, Accept)["gzip"] > 0
