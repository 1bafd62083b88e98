"""Owns which points are asked about: the same for everybody, and the same in every run."""

from dataclasses import dataclass
from typing import LiteralString

import psycopg

SPARE = 20
"""One neighbourhood in so many is tried besides."""

_LAND: LiteralString = """
    SELECT round(ST_X(p.geom)::numeric, 6)::float8, round(ST_Y(p.geom)::numeric, 6)::float8
    FROM (SELECT * FROM region WHERE level = 3 ORDER BY md5(code) LIMIT %(count)s) r,
         LATERAL ST_Dump(ST_GeneratePoints(r.geom, %(each)s, 20260701)) p
    ORDER BY md5(r.code || p.path::text)
"""

_VERTICES: LiteralString = """
    SELECT ST_X(v.geom), ST_Y(v.geom),
           ARRAY(SELECT o.code FROM region o
                 WHERE o.level = 3 AND ST_Intersects(o.geom, v.geom) ORDER BY o.code)
    FROM (SELECT * FROM region WHERE level = 3 ORDER BY md5(code) LIMIT %(count)s) r,
         LATERAL (SELECT geom FROM ST_DumpPoints(r.geom) ORDER BY md5(path::text) LIMIT 1) v
"""


@dataclass(frozen=True)
class Position:
    """Longitude and latitude in degrees, WGS 84.

    :param neighbours: for a vertex of an outline the codes of all neighbourhoods that meet there,
        as the bare database says of their whole shapes; empty for a random point.
    """

    lon: float
    lat: float
    neighbours: tuple[str, ...] = ()

    @property
    def on_outline(self) -> bool:
        """Tell whether it is a vertex of an outline, with all its digits."""
        return bool(self.neighbours)


def on_land(connection: psycopg.Connection, count: int, each: int = 1) -> list[Position]:
    """Return `count` random points to the sixth decimal.

    They lie in random neighbourhoods, crowded and empty ones alike, at most `each` in one. Some are
    too small for a random point to be found, so a few more are tried.
    """
    neighbourhoods = count // each + count // (each * SPARE) + 1
    rows = connection.execute(_LAND, {"count": neighbourhoods, "each": each}).fetchall()
    return [Position(lon, lat) for lon, lat in rows[:count]]


def on_outlines(connection: psycopg.Connection, count: int) -> list[Position]:
    """Return a random vertex of the outline of each of `count` neighbourhoods."""
    rows = connection.execute(_VERTICES, {"count": count})
    return [Position(lon, lat, tuple(codes)) for lon, lat, codes in rows]
