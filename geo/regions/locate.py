"""Owns finding the one owner of a point in the database, and the neighbours near it."""

from dataclasses import dataclass
from math import cos, radians
from typing import NamedTuple

from sqlalchemy import bindparam, text

from geo.crs import METRES_PER_DEGREE, check_position
from geo.orm import Executor
from geo.regions.facts import BorderCandidate, Location, NoActiveGeneration
from geo.regions.gazetteer import Gazetteer, gazetteer_of

COAST_M = 3_000.0
"""How far off the coast a point may lie and still get the nearest region: piers, GPS drift."""

BORDER_M = 100.0
"""Within this distance of a neighbour a person is asked to confirm."""

TOUCHING_DEGREES = 1e-8
"""About 1 mm. What no piece covers and lies nearer than this to one lies on it: cuts are rounded.
On the plane of degrees, in which edges are straight; as geodesics they bulge by centimetres."""

NEAR = text("""
    SELECT g.id, near.region_id, near.covers, near.distance_m
    FROM region_generation g LEFT JOIN LATERAL (
        SELECT p.region_id, bool_or(p.covers) AS covers,
               min(CASE WHEN p.covers OR ST_DWithin(p.geom, p.point, :touching) THEN 0.0
                        ELSE ST_Distance(p.geom::geography, p.point::geography) END) AS distance_m
        FROM (
            SELECT p.region_id, p.geom, q.point, ST_Covers(p.geom, q.point) AS covers
            FROM region_piece p,
                 (SELECT ST_SetSRID(ST_MakePoint(CAST(:lon AS float8), CAST(:lat AS float8)), 4326)
                         AS point) AS q
            WHERE p.level = 3 AND p.generation_id = g.id
              AND p.geom && ST_Expand(q.point, CAST(:width AS float8), CAST(:height AS float8))
            OFFSET 0
        ) AS p
        GROUP BY p.region_id
    ) AS near ON true
    WHERE g.state = 'active'
""").bindparams(bindparam("touching", TOUCHING_DEGREES))
"""One statement sees one generation, whatever is activated meanwhile. Covers, not Contains: a
point on a cut line lies in no piece's interior. OFFSET keeps the planner from asking twice."""


class Near(NamedTuple):
    """A region at or near a point; the distance is 0 where it covers the point."""

    region_id: int
    distance_m: float


@dataclass(frozen=True, slots=True)
class Owner:
    """Who owns a point, in ids of one generation; `gazetteer` knows what they are called.

    :param region: the owner; its distance is above 0 for a point off the coast.
    :param border: neighbours near the point, nearest first.
    """

    gazetteer: Gazetteer
    region: Near
    border: tuple[Near, ...]

    @property
    def distance_m(self) -> float:
        """Return how far off the coast the point lies, to the decimetre."""
        return round(self.region.distance_m, 1)

    @property
    def match(self) -> str:
        """Return `inside`, or `nearest` for a point off the coast."""
        return "nearest" if self.distance_m > 0 else "inside"


def locate(
    conn: Executor,
    lon: float,
    lat: float,
    *,
    coast_m: float = COAST_M,
    border_m: float = BORDER_M,
) -> Location | None:
    """Return the regions and the local government of a point, or None at sea and abroad.

    :param lon: longitude in degrees, WGS 84.
    :param lat: latitude in degrees, WGS 84.
    :param coast_m: how far off the coast the nearest region still counts, in metres.
    :param border_m: how near a neighbour has to be to be named, in metres; 0 names none.
    :raises SwappedAxes: when the pair is evidently (lat, lon).
    :raises InvalidCoordinates: when it is no position at all.
    :raises NoActiveGeneration: when no boundaries are loaded.
    """
    owner = find_owner(conn, lon, lat, coast_m=coast_m, border_m=border_m)
    return describe(owner) if owner else None


def find_owner(
    conn: Executor,
    lon: float,
    lat: float,
    *,
    coast_m: float = COAST_M,
    border_m: float = BORDER_M,
) -> Owner | None:
    """Return who owns a point; takes and raises what `locate` does."""
    check_position(lon, lat)
    generation_id, near = _near(conn, lon, lat, border_m)
    if not (near and near[0].distance_m == 0) and coast_m > border_m:
        generation_id, near = _near(conn, lon, lat, coast_m)
    if not near or near[0].distance_m > coast_m:
        return None
    owner, *others = near
    border = tuple(
        other
        for other in others
        if border_m > 0 and other.distance_m - owner.distance_m <= border_m
    )
    return Owner(gazetteer_of(conn, generation_id), owner, border)


def describe(owner: Owner) -> Location:
    """Return what is known of a point whose owner is found."""
    names = owner.gazetteer
    emd, sigungu, sido = names.family(names.regions[owner.region.region_id])
    return Location(
        emd=emd,
        sigungu=sigungu,
        sido=sido,
        local_government=names.governments[emd.local_government_code],
        match=owner.match,
        distance_m=owner.distance_m,
        generation_id=names.generation.id,
        data_date=names.generation.data_date,
        border=tuple(
            BorderCandidate(names.regions[other.region_id], round(other.distance_m, 1))
            for other in owner.border
        ),
    )


def _near(conn: Executor, lon: float, lat: float, radius_m: float) -> tuple[int, list[Near]]:
    """Return the generation in force and its regions around a point.

    All within `radius_m` are among them. Who covers the point comes first, then the nearest, and
    the smallest id, which is the smallest code, settles points on a border.
    """
    height = max(radius_m / METRES_PER_DEGREE * 1.01, TOUCHING_DEGREES)
    width = height / cos(radians(min(abs(lat), 89.0)))
    box = {"lon": lon, "lat": lat, "width": width, "height": height}
    rows = conn.execute(NEAR, box).all()
    if not rows:
        raise NoActiveGeneration("no boundaries are loaded")
    found = sorted(
        (not covers, distance_m, region_id)
        for _, region_id, covers, distance_m in rows
        if region_id is not None
    )
    return rows[0].id, [Near(region_id, distance_m) for _, distance_m, region_id in found]
