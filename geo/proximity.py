"""Owns finding what lies near a point: the nearest first, and how many by distance.

Metres are those of the Korean plane (EPSG:5179), never degrees: a degree east is a fifth shorter
than a degree north, which names the wrong nearest place for one point in fifteen. Works on any
table with a stored point on that plane and a GiST index on it, which serves the order.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Float, and_, func, select
from sqlalchemy.orm import InstrumentedAttribute

from geo.crs import check_position, in_korea
from geo.orm import SRID_KOREA, SRID_WGS84, Executor

MAX_RADIUS_M = 100_000.0
"""From one end of a province to the other; no search is without a bound."""


class OutsidePlane(ValueError):
    """A point so far from Korea that the Korean plane does not measure there."""


@dataclass(frozen=True, slots=True)
class Near:
    """Something found, by its key, and its distance in metres."""

    id: Any
    distance_m: float


@dataclass(frozen=True, slots=True)
class Within:
    """How many things lie within a distance."""

    within_m: float
    count: int


@dataclass(frozen=True, slots=True)
class Places:
    """What is searched: a table's key, its stored point on EPSG:5179, and what has to hold.

    `criteria` may name other tables; they are joined by what they say.
    """

    id: InstrumentedAttribute[Any]
    point: InstrumentedAttribute[Any]
    criteria: Sequence[ColumnElement[bool]] = ()


def find_nearest(
    conn: Executor, places: Places, lon: float, lat: float, *, radius_m: float, limit: int
) -> list[Near]:
    """Return the places nearest to a point, the nearest first, ties by the smaller key.

    :param places: what is searched.
    :param lon: longitude in degrees, WGS 84.
    :param lat: latitude in degrees, WGS 84.
    :param radius_m: how far at most, up to `MAX_RADIUS_M`.
    :param limit: at most so many.
    :raises SwappedAxes: when the pair is evidently (lat, lon).
    :raises InvalidCoordinates: when it is no position at all.
    :raises OutsidePlane: when the point is not in or around Korea.
    """
    centre = _centre(lon, lat)
    distance_m = places.point.op("<->", return_type=Float)(centre)
    # The index orders by distance alone: a second key in here would sort all within the radius.
    first = (
        select(places.id.label("id"), distance_m.label("distance_m"))
        .where(*places.criteria, _is_within(places, centre, radius_m))
        .order_by(distance_m)
        .fetch(limit, with_ties=True)
        .subquery()
    )
    statement = select(first).order_by(first.c.distance_m, first.c.id).limit(limit)
    return [Near(*row) for row in conn.execute(statement)]


def count_within(
    conn: Executor, places: Places, lon: float, lat: float, *, distances_m: Sequence[float]
) -> list[Within]:
    """Return how many places lie within each of some distances of a point, exactly.

    :param places: what is counted.
    :param lon: longitude in degrees, WGS 84.
    :param lat: latitude in degrees, WGS 84.
    :param distances_m: up to `MAX_RADIUS_M`, in any order; the answer ascends.
    :raises SwappedAxes: when the pair is evidently (lat, lon).
    :raises InvalidCoordinates: when it is no position at all.
    :raises OutsidePlane: when the point is not in or around Korea.
    """
    centre = _centre(lon, lat)
    wanted = sorted(set(distances_m))
    if not wanted:
        return []
    distance_m = func.ST_Distance(places.point, centre, type_=Float)
    counts = [func.count().filter(distance_m <= within_m) for within_m in wanted]
    statement = select(*counts).where(*places.criteria, _is_within(places, centre, wanted[-1]))
    row = conn.execute(statement).one()
    return [Within(*pair) for pair in zip(wanted, row, strict=True)]


def _is_within(places: Places, centre: ColumnElement[Any], radius_m: float) -> ColumnElement[bool]:
    if not 0 <= radius_m <= MAX_RADIUS_M:
        msg = f"a radius is from 0 to {MAX_RADIUS_M:.0f} m, not {radius_m}"
        raise ValueError(msg)
    # ST_DWithin says the same, but is thought to hold for one row in thousands, and with so few
    # expected the index would not be asked for their order.
    box = func.ST_Expand(centre, radius_m)
    return and_(places.point.op("&&")(box), func.ST_Distance(places.point, centre) <= radius_m)


def _centre(lon: float, lat: float) -> ColumnElement[Any]:
    """Return a position on the plane, by the database's own projection as the stored points."""
    check_position(lon, lat)
    if not in_korea(lon, lat):
        msg = f"({lon}, {lat}) is not in or around Korea"
        raise OutsidePlane(msg)
    position = func.ST_SetSRID(func.ST_MakePoint(lon, lat), SRID_WGS84)
    centre: ColumnElement[Any] = func.ST_Transform(position, SRID_KOREA)
    return centre
