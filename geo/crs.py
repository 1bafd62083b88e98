"""Owns coordinate systems: bounds of Korea, projections, metres and areas; knows no table."""

from functools import cache
from math import isfinite
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer

from geo.orm import SRID_KOREA, SRID_WEB, SRID_WGS84

LON_MIN, LON_MAX = 124.0, 132.0
LAT_MIN, LAT_MAX = 33.0, 39.0
"""Degrees around South Korea with its islands, from Marado to the border, Baengnyeong to Dokdo."""

METRES_PER_DEGREE = 111_320.0
"""Length of a degree of latitude, good enough to size a search box (never to measure)."""

Floats = NDArray[np.float64]

Shapes = NDArray[Any]
"""A numpy array of Shapely polygons and multipolygons."""


class InvalidCoordinates(ValueError):
    """A pair of numbers that is no position on earth."""


class SwappedAxes(ValueError):
    """A position given as (lat, lon): the pair lies in Korea only when turned round."""


def check_position(lon: float, lat: float) -> None:
    """Refuse what cannot be a position in (lon, lat) order; a place abroad passes.

    :param lon: longitude in degrees, WGS 84.
    :param lat: latitude in degrees, WGS 84.
    :raises SwappedAxes: when the pair lies in Korea only as (lat, lon).
    :raises InvalidCoordinates: when a number is not finite or out of range.
    """
    if not (isfinite(lon) and isfinite(lat)):
        msg = "a coordinate is not a finite number"
        raise InvalidCoordinates(msg)
    if in_korea(lat, lon):
        msg = f"({lon}, {lat}) looks like (lat, lon); positions are (lon, lat)"
        raise SwappedAxes(msg)
    if abs(lon) > 180 or abs(lat) > 90:
        msg = f"({lon}, {lat}) is no position in degrees"
        raise InvalidCoordinates(msg)


def in_korea(lon: float, lat: float) -> bool:
    """Say whether a position lies in the box around South Korea (sea and neighbours included)."""
    return LON_MIN <= lon <= LON_MAX and LAT_MIN <= lat <= LAT_MAX


@cache
def transformer(from_srid: int, to_srid: int) -> Transformer:
    """Return the transformer between two reference systems, x (east) before y (north)."""
    return Transformer.from_crs(from_srid, to_srid, always_xy=True)


def project(shapes: Any, from_srid: int, to_srid: int) -> Any:
    """Project a shape or an array of shapes vertex by vertex, so that shared edges stay shared.

    :param shapes: one Shapely geometry or an array of them.
    :param from_srid: EPSG code of the input.
    :param to_srid: EPSG code of the result.
    """
    convert = transformer(from_srid, to_srid).transform

    def move(coordinates: Floats) -> Floats:
        x, y = convert(coordinates[:, 0], coordinates[:, 1])
        return np.column_stack((x, y))

    return shapely.transform(shapes, move)


def to_web(shapes: Any) -> Any:
    """Project WGS 84 shapes to Web Mercator (EPSG:3857), the plane of tiles."""
    return project(shapes, SRID_WGS84, SRID_WEB)


def areas_km2(shapes: Any) -> Floats:
    """Measure WGS 84 shapes in square kilometres on the Korean plane (EPSG:5179)."""
    return np.asarray(shapely.area(project(shapes, SRID_WGS84, SRID_KOREA)) / 1e6, dtype=np.float64)
