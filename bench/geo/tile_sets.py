"""Owns which tiles are asked for, and under which address each server has them."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import asinh, pi, radians, tan
from urllib.parse import urlsplit

from bench.geo.points import Position
from bench.serving.http_client import Request

GZIP = {"Accept-Encoding": "gzip"}
"""Asked of everybody: no browser takes a tile unpacked."""

Tile = tuple[int, int, int]


@dataclass(frozen=True)
class TileSet:
    """Distinct tiles of one zoom.

    :param layer: what both servers draw at this zoom.
    :param most: so many at most; fewer where land has no more.
    """

    zoom: int
    layer: str
    most: int


SETS = (TileSet(8, "sigungu", 40), TileSet(10, "emd", 80), TileSet(12, "emd", 200))
WARM_UP = TileSet(11, "emd", 80)
"""Tiles of another zoom, to open connections and prepare statements before any is timed."""


def tile_at(lon: float, lat: float, zoom: int) -> Tile:
    """Return z, x, y of the tile of a point in degrees, WGS 84, in the pyramid of the web."""
    across = 1 << zoom
    x = int((lon + 180) / 360 * across)
    y = int((1 - asinh(tan(radians(lat))) / pi) / 2 * across)
    return zoom, x, y


def over_land(wanted: TileSet, positions: Iterable[Position]) -> list[Tile]:
    """Return the distinct tiles of points on land, in the order of the points."""
    tiles = dict.fromkeys(tile_at(each.lon, each.lat, wanted.zoom) for each in positions)
    return list(tiles)[: wanted.most]


def template(description: str) -> str:
    """Return the path of the tiles that a TileJSON document names, with its placeholders."""
    parts = urlsplit(json.loads(description)["tiles"][0])
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def tipg_template(layer: str) -> str:
    """Return the path of tipg's tiles with the attributes that ours have."""
    tiles = f"/collections/tipg.{layer}/tiles/WebMercatorQuad/{{z}}/{{x}}/{{y}}"
    return f"{tiles}?properties=code,name,provenance"


def requests(
    path: str, tiles: Sequence[Tile], headers: Sequence[dict[str, str]] = ()
) -> list[Request]:
    """Return the requests of tiles.

    :param path: with {z}, {x} and {y}.
    :param headers: further headers of each tile, in the order of `tiles`.
    """
    further = headers or [{}] * len(tiles)
    return [
        Request(path.format(z=z, x=x, y=y), headers={**GZIP, **more})
        for (z, x, y), more in zip(tiles, further, strict=True)
    ]
