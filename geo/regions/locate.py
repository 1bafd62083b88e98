"""Owns finding the one owner of a point in the database, and the neighbours near it."""

from collections.abc import Iterable, Mapping
from math import cos, radians
from typing import Any

from sqlalchemy import text

from geo.crs import METRES_PER_DEGREE, check_position
from geo.orm import Executor
from geo.regions.facts import (
    BorderCandidate,
    Generation,
    LocalGovernment,
    Location,
    Region,
    active_generation,
    select_governments,
    select_regions,
)
from geo.regions.models import LocalGovernmentRow, RegionRow

COAST_M = 3_000.0
"""How far off the coast a point may lie and still get the nearest region: piers, GPS drift."""

BORDER_M = 100.0
"""Within this distance of a neighbour a person is asked to confirm."""

OWNER = text("""
    SELECT region_id FROM region_piece
    WHERE level = 3 AND generation_id = :generation
      AND ST_Covers(geom, ST_SetSRID(ST_MakePoint(:lon, :lat), 4326))
    ORDER BY region_id LIMIT 1
""")
"""Covers, not Contains: a point on a cut line lies in no piece's interior. The smallest id is the
smallest code, which settles points on a border."""

NEAR = text("""
    SELECT region_id, min(ST_Distance(geom::geography, q.point::geography)) AS distance_m
    FROM region_piece, (SELECT ST_SetSRID(ST_MakePoint(:lon, :lat), 4326) AS point) AS q
    WHERE level = 3 AND generation_id = :generation
      AND geom && ST_Expand(ST_SetSRID(ST_MakePoint(:lon, :lat), 4326), :width, :height)
    GROUP BY region_id
    HAVING min(ST_Distance(geom::geography, q.point::geography)) <= :radius_m
    ORDER BY distance_m, region_id
""")


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
    check_position(lon, lat)
    generation = active_generation(conn)
    point = {"generation": generation.id, "lon": lon, "lat": lat}
    owner: int | None = conn.execute(OWNER, point).scalar()
    distance_m = 0.0
    near = _near(conn, point, coast_m if owner is None else border_m)
    if owner is None:
        if not near:
            return None
        owner, distance_m = near[0]
        match = "nearest" if distance_m > 0 else "inside"
    else:
        match = "inside"
    candidates = {other: m for other, m in near if other != owner and m - distance_m <= border_m}
    how = (match, distance_m)
    return _describe(conn, generation, (lon, lat), owner, how=how, candidates=candidates)


def _near(conn: Executor, point: Mapping[str, Any], radius_m: float) -> list[tuple[int, float]]:
    """Return regions within a distance of a point, nearest first, ties by the smaller code."""
    if radius_m <= 0:
        return []
    height = radius_m / METRES_PER_DEGREE * 1.01
    box = {"radius_m": radius_m, "height": height, "width": height / cos(radians(point["lat"]))}
    return [(row.region_id, row.distance_m) for row in conn.execute(NEAR, {**point, **box})]


def _describe(
    conn: Executor,
    generation: Generation,
    position: tuple[float, float],
    owner: int,
    *,
    how: tuple[str, float],
    candidates: Mapping[int, float],
) -> Location:
    regions = _regions(conn, generation.id, owner, candidates)
    emd = regions[owner]
    sigungu = regions[emd.parent_id or 0]
    sido = regions[sigungu.parent_id or 0]
    government = conn.execute(
        select_governments().where(
            LocalGovernmentRow.generation_id == generation.id,
            LocalGovernmentRow.code == emd.local_government_code,
        )
    ).one()
    match, distance_m = how
    return Location(
        lon=position[0],
        lat=position[1],
        emd=emd,
        sigungu=sigungu,
        sido=sido,
        local_government=LocalGovernment(*government),
        match=match,
        distance_m=round(distance_m, 1),
        generation_id=generation.id,
        data_date=generation.data_date,
        border=tuple(
            BorderCandidate(regions[other], round(metres, 1))
            for other, metres in candidates.items()
        ),
    )


def _regions(
    conn: Executor, generation_id: int, owner: int, others: Iterable[int]
) -> dict[int, Region]:
    """Return the owner with its parents, and the other candidates, by id."""
    family = text("""
        SELECT unnest(ARRAY[e.id, s.id, s.parent_id])
        FROM region e JOIN region s ON s.id = e.parent_id WHERE e.id = :owner
    """)
    wanted = [*conn.execute(family, {"owner": owner}).scalars(), *others]
    statement = select_regions().where(
        RegionRow.id.in_(wanted), RegionRow.generation_id == generation_id
    )
    return {region.id: region for region in (Region(*row) for row in conn.execute(statement))}
