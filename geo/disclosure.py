"""Owns what may be shown of a place: the rounded public point, and what it says of a home.

Knows no table and no person.
"""

from collections.abc import Collection

from geo.crs import check_position, transformer
from geo.orm import SRID_KOREA, SRID_WGS84

PUBLIC_CELL_M = 250.0
"""Side of the grid cell that stands for every point inside it."""

RESIDENCE_REACH_M = 200.0
"""Within this distance of a public point, a home should be in one neighbourhood of several."""


def public_point(lon: float, lat: float, cell_m: float = PUBLIC_CELL_M) -> tuple[float, float]:
    """Return the centre of the grid cell that holds a point, for everybody to see.

    All points of a cell give the same answer, and asking again gives it again: jitter could be
    averaged away. The centre may lie in a neighbouring region; publish the region of the exact
    point beside it, not the region of the centre.

    :param lon: longitude in degrees, WGS 84.
    :param lat: latitude in degrees, WGS 84.
    :param cell_m: side of a cell in metres on EPSG:5179.
    :raises ValueError: when the position is impossible or the cell not positive.
    """
    check_position(lon, lat)
    if cell_m <= 0:
        msg = "a grid cell needs a positive side"
        raise ValueError(msg)
    x, y = transformer(SRID_WGS84, SRID_KOREA).transform(lon, lat)
    centre_x = (x // cell_m + 0.5) * cell_m
    centre_y = (y // cell_m + 0.5) * cell_m
    shown_lon, shown_lat = transformer(SRID_KOREA, SRID_WGS84).transform(centre_x, centre_y)
    return round(shown_lon, 6), round(shown_lat, 6)


def home_stands_out(code: str, around: Collection[str]) -> bool:
    """Tell whether a published home would say that the public point is most likely near it.

    :param code: the emd of the residence.
    :param around: the emd within `RESIDENCE_REACH_M` of the public point.
    """
    return set(around) == {code}
