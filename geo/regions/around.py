"""Owns which neighbourhoods lie around points, for many points in one statement."""

from collections.abc import Sequence

from sqlalchemy import text

from geo.crs import METRES_PER_DEGREE
from geo.orm import Executor

AROUND = text("""
    SELECT q.number, array_agg(DISTINCT r.code) AS codes
    FROM unnest(CAST(:lons AS float8[]), CAST(:lats AS float8[])) WITH ORDINALITY
             AS q (lon, lat, number)
    JOIN region_generation g ON g.state = 'active'
    CROSS JOIN LATERAL (SELECT ST_SetSRID(ST_MakePoint(q.lon, q.lat), 4326) AS point) AS at
    JOIN region_piece p ON p.generation_id = g.id AND p.level = 3
         AND p.geom && ST_Expand(at.point, :height / cos(radians(q.lat)), :height)
         AND ST_DWithin(CAST(p.geom AS geography), CAST(at.point AS geography), :radius_m)
    JOIN region r ON r.id = p.region_id
    GROUP BY q.number
""")
"""The box, in degrees, only narrows what is measured in metres."""


def list_emd_around(
    conn: Executor, points: Sequence[tuple[float, float]], *, radius_m: float
) -> list[frozenset[str]]:
    """Return the codes of the emd in force within a distance of each point, in the points' order.

    :param points: (lon, lat) in degrees, WGS 84.
    :param radius_m: in metres on the ellipsoid.
    """
    if not points:
        return []
    lons, lats = zip(*points, strict=True)
    given = {
        "lons": list(lons),
        "lats": list(lats),
        "radius_m": radius_m,
        "height": radius_m / METRES_PER_DEGREE * 1.01,
    }
    found = {row.number: frozenset(row.codes) for row in conn.execute(AROUND, given)}
    return [found.get(number, frozenset()) for number in range(1, len(points) + 1)]
