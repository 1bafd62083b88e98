"""Addresses of tiles over the country."""

import math
from collections.abc import Iterator

KOREA = (124.5, 33.0, 131.95, 38.7)
"""West, south, east and north in degrees."""


def tile_of(lon: float, lat: float, z: int) -> tuple[int, int]:
    x = int((lon + 180) / 360 * 2**z)
    y = int((1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * 2**z)
    return x, y


def tiles_of_the_country(z: int) -> Iterator[tuple[int, int]]:
    """Yield the x and y of all tiles of a zoom that the country may lie in, and the sea."""
    west, south, east, north = KOREA
    (x0, y1), (x1, y0) = tile_of(west, south, z), tile_of(east, north, z)
    for x in range(x0, x1 + 1):
        for y in range(y0, y1 + 1):
            yield x, y
