"""Owns the floor: the statements of our lookup by pgbench, without HTTP and without Python."""

import re
import shutil
import subprocess
from collections.abc import Sequence
from math import cos, radians
from pathlib import Path

import psycopg
from sqlalchemy import URL

from backend.ops.errors import OpsError
from backend.ops.postgres import BINDIR
from bench.geo.database import libpq
from bench.geo.measuring import CONNECTIONS, Sample
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

_TPS = re.compile(r"^tps = ([\d.]+)", re.MULTILINE)
_LATENCY = re.compile(r"^latency average = ([\d.]+) ms", re.MULTILINE)


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


def run(url: URL, file: Path, seconds: float) -> Sample:
    """Run a script with as many connections as the clients of the servers have.

    :raises OpsError: when pgbench is missing or fails.
    """
    pgbench = shutil.which("pgbench", path=str(BINDIR)) or shutil.which("pgbench")
    if pgbench is None:
        raise OpsError("pgbench is not installed.", "apt-get install postgresql-15")
    command = [
        *(pgbench, "--no-vacuum", "--protocol", "prepared", "--client", str(CONNECTIONS)),
        *("--jobs", "1", "--time", str(max(1, round(seconds))), "--file", str(file), libpq(url)),
    ]
    finished = subprocess.run(
        command, capture_output=True, text=True, timeout=seconds + 60, check=False
    )
    tps, latency = _TPS.search(finished.stdout), _LATENCY.search(finished.stdout)
    if finished.returncode != 0 or tps is None or latency is None:
        message = f"pgbench failed: {finished.stderr.strip()[-500:]}"
        raise OpsError(message)
    return Sample(float(tps[1]), float(latency[1]))
