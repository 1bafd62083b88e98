"""Owns finding the owners of many points with one statement, by the rule of `locate`."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

from sqlalchemy import bindparam, text

from geo.crs import METRES_PER_DEGREE, in_korea
from geo.orm import Executor
from geo.regions.facts import active_generation
from geo.regions.gazetteer import Gazetteer, gazetteer_of
from geo.regions.locate import COAST_M, TOUCHING_DEGREES

OWNERS = text("""
    SELECT o.region_id
    FROM unnest(CAST(:lons AS float8[]), CAST(:lats AS float8[])) WITH ORDINALITY
         AS q (lon, lat, i)
    LEFT JOIN LATERAL (
        SELECT p.region_id FROM region_piece p
        WHERE p.level = 3 AND p.generation_id = :generation
          AND ST_Covers(p.geom, ST_SetSRID(ST_MakePoint(q.lon, q.lat), 4326))
        ORDER BY p.region_id LIMIT 1
    ) AS o ON true
    ORDER BY q.i
""")

NEAREST = text("""
    SELECT q.i, near.region_id, near.distance_m
    FROM unnest(CAST(:lons AS float8[]), CAST(:lats AS float8[])) WITH ORDINALITY
         AS q (lon, lat, i),
    LATERAL (SELECT ST_SetSRID(ST_MakePoint(q.lon, q.lat), 4326) AS point) AS at,
    LATERAL (
        SELECT p.region_id,
               min(CASE WHEN ST_DWithin(p.geom, at.point, :touching) THEN 0.0
                        ELSE ST_Distance(p.geom::geography, at.point::geography) END) AS distance_m
        FROM region_piece p
        WHERE p.level = 3 AND p.generation_id = :generation
          AND p.geom && ST_Expand(at.point, :height / cos(radians(q.lat)), :height)
        GROUP BY p.region_id ORDER BY distance_m, p.region_id LIMIT 1
    ) AS near
    WHERE near.distance_m <= :coast_m
""").bindparams(bindparam("touching", TOUCHING_DEGREES))


@dataclass(frozen=True, slots=True)
class Owned:
    """The owner of one of many points; `distance_m` is 0 inside, else how far off the coast."""

    region_id: int
    distance_m: float

    @property
    def match(self) -> str:
        """Return `inside`, or `nearest` for a point off the coast."""
        return "nearest" if self.distance_m > 0 else "inside"


@dataclass(frozen=True, slots=True)
class Owners:
    """The owner of each of many points in their order, None at sea and abroad."""

    gazetteer: Gazetteer
    owners: Sequence[Owned | None]


def locate_many(
    conn: Executor, lons: Sequence[float], lats: Sequence[float], *, coast_m: float = COAST_M
) -> Owners:
    """Return the owner of each point, the same that `locate` finds.

    Positions that are none, or that lie abroad, have no owner; nothing is raised for a single one.

    :param lons: longitudes (n,) in degrees, WGS 84.
    :param lats: latitudes (n,).
    :param coast_m: how far off the coast the nearest region still counts, in metres.
    :raises NoActiveGeneration: when no boundaries are loaded.
    """
    generation_id = active_generation(conn).id
    here = [number for number, at in enumerate(zip(lons, lats, strict=True)) if _is_near(*at)]
    found: list[Owned | None] = [None] * len(lons)
    given = _arrays(generation_id, lons, lats, here)
    at_sea = []
    for number, region_id in zip(here, conn.execute(OWNERS, given).scalars(), strict=True):
        if region_id is None:
            at_sea.append(number)
        else:
            found[number] = Owned(region_id, 0.0)
    if at_sea:
        given = _arrays(generation_id, lons, lats, at_sea)
        height = max(coast_m / METRES_PER_DEGREE * 1.01, TOUCHING_DEGREES)
        reach = {"coast_m": coast_m, "height": height}
        for i, region_id, distance_m in conn.execute(NEAREST, given | reach):
            found[at_sea[i - 1]] = Owned(region_id, round(distance_m, 1))
    return Owners(gazetteer_of(conn, generation_id), found)


def _is_near(lon: float, lat: float) -> bool:
    """Tell whether a position may have an owner at all, the infinite ones not."""
    return isfinite(lon) and isfinite(lat) and in_korea(lon, lat)


def _arrays(
    generation_id: int, lons: Sequence[float], lats: Sequence[float], chosen: Sequence[int]
) -> dict[str, Any]:
    return {
        "generation": generation_id,
        "lons": [lons[number] for number in chosen],
        "lats": [lats[number] for number in chosen],
    }
