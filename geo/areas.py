"""Owns the areas that points are asked for by: boxes of degrees, and circles of metres.

Both work on any column of points in WGS 84 with a GiST index.
"""

from typing import Any, NamedTuple

from sqlalchemy import Boolean, ColumnElement, and_, func

from geo.orm import SRID_KOREA, SRID_WGS84

BULGE = 1.02
"""How much wider the box of a circle is drawn, for its edges are bent on the other plane."""


class Bbox(NamedTuple):
    """A box of degrees, WGS 84."""

    west: float
    south: float
    east: float
    north: float


class Circle(NamedTuple):
    """What lies around a point: its position in degrees (WGS 84), and how far in metres."""

    lon: float
    lat: float
    radius_m: float


def lies_in_box(geom: Any, box: Bbox) -> ColumnElement[bool]:
    """Return whether points lie in a box, edges included."""
    found: ColumnElement[bool] = geom.intersects(func.ST_MakeEnvelope(*box, SRID_WGS84))
    return found


def lies_in_circle(geom: Any, circle: Circle) -> ColumnElement[bool]:
    """Return whether points lie in a circle, by the metres of the Korean plane (EPSG:5179).

    The database's function measures; its cost is low, so that the order of a list may come first.

    :param circle: with its centre in or around Korea.
    """
    position = func.ST_SetSRID(func.ST_MakePoint(circle.lon, circle.lat), SRID_WGS84)
    centre = func.ST_Transform(position, SRID_KOREA)
    around = func.ST_Transform(func.ST_Expand(centre, circle.radius_m * BULGE), SRID_WGS84)
    near: ColumnElement[bool] = func.lies_within_m(geom, centre, circle.radius_m, type_=Boolean)
    return and_(geom.op("&&")(around), near)
