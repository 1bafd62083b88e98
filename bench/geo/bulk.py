"""Owns the bare statement that many points at once are measured against."""

import time
from collections.abc import Sequence

import psycopg

from bench.geo.points import Position
from bench.serving.measuring import Sample

POINTS = 10_000
POINTS_EACH = 4
"""So many of them lie in one neighbourhood, as addresses do."""

OWNERS = """
    SELECT q.i, x.region_id
    FROM unnest(%(ids)s::int[], %(lons)s::float8[], %(lats)s::float8[]) q (i, lon, lat)
    LEFT JOIN LATERAL (
        SELECT p.region_id FROM region_piece p JOIN region r ON r.id = p.region_id
        WHERE p.level = 3 AND p.generation_id = %(generation)s
          AND ST_Covers(p.geom, ST_SetSRID(ST_MakePoint(q.lon, q.lat), 4326))
        ORDER BY r.code LIMIT 1
    ) x ON true
"""


def time_statement(
    connection: psycopg.Connection, positions: Sequence[Position], generation: int
) -> Sample:
    """Return how long the database takes for all points, their way there and back included."""
    given = {
        "ids": list(range(len(positions))),
        "lons": [position.lon for position in positions],
        "lats": [position.lat for position in positions],
        "generation": generation,
    }
    began = time.perf_counter()
    rows = connection.execute(OWNERS, given).fetchall()
    elapsed_ms = (time.perf_counter() - began) * 1000
    if len(rows) != len(positions):
        raise RuntimeError("a point got lost on its way")
    return Sample(elapsed_ms)
