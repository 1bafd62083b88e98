"""Owns the floor: the statements of our lookup by pgbench, without HTTP and without Python."""

from collections.abc import Sequence
from math import cos, radians

import psycopg

from backend.ops.errors import OpsError
from bench.geo.points import Position
from geo.crs import METRES_PER_DEGREE
from geo.regions.locate import BORDER_M, NEAR, TOUCHING_DEGREES

POINTS = 100
OWNER_ALONE = """
    SELECT region_id FROM region_piece
    WHERE level = 3 AND generation_id = :generation
      AND ST_Covers(geom, ST_SetSRID(ST_MakePoint(:lon, :lat), 4326))
    ORDER BY region_id LIMIT 1
"""
"""The least that a lookup has to ask."""

LOOKUP = NEAR.text
"""What our lookup does ask: the regions at and near a point."""


def script(statement: str, positions: Sequence[Position], generation: int) -> str:
    """Return a pgbench script that asks a statement about random ones of `positions`.

    pgbench has no lists: its variables are chosen by CASE, on the client's side.
    """
    height = BORDER_M / METRES_PER_DEGREE * 1.01
    width = height / cos(radians(36.5))
    return "\n".join(
        [
            f"\\set i random(1, {len(positions)})",
            f"\\set lon {_chosen([position.lon for position in positions])}",
            f"\\set lat {_chosen([position.lat for position in positions])}",
            f"\\set generation {generation}",
            f"\\set height {height:.8f}",
            f"\\set width {width:.8f}",
            f"\\set touching {TOUCHING_DEGREES}",
            f"{statement.strip()};",
            "",
        ]
    )


def _chosen(numbers: Sequence[float]) -> str:
    cases = (f"when :i = {i} then {number!r}" for i, number in enumerate(numbers, 1))
    return f"case {' '.join(cases)} end"


def active_generation(connection: psycopg.Connection) -> int:
    """Return the id of the generation in force."""
    row = connection.execute("SELECT id FROM region_generation WHERE state = 'active'").fetchone()
    if row is None:
        raise OpsError("No boundaries are in force.", "make clean")
    return int(row[0])
