"""Owns running pgbench: what the database alone can do, without HTTP and without Python."""

import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import URL

from backend.ops.errors import OpsError
from backend.ops.postgres import BINDIR
from bench.serving.database import libpq
from bench.serving.measuring import CONNECTIONS, Sample

_TPS = re.compile(r"^tps = ([\d.]+)", re.MULTILINE)
_LATENCY = re.compile(r"^latency average = ([\d.]+) ms", re.MULTILINE)


def run(url: URL, files: Sequence[Path], seconds: float) -> Sample:
    """Run scripts with as many connections as the clients of the servers have.

    :param files: a script each; one of them at random is a transaction.
    :raises OpsError: when pgbench is missing or fails.
    """
    pgbench = shutil.which("pgbench", path=str(BINDIR)) or shutil.which("pgbench")
    if pgbench is None:
        raise OpsError("pgbench is not installed.", "apt-get install postgresql-15")
    command = [
        *(pgbench, "--no-vacuum", "--protocol", "prepared", "--client", str(CONNECTIONS)),
        *("--jobs", "1", "--time", str(max(1, round(seconds)))),
        *(argument for file in files for argument in ("--file", str(file))),
        libpq(url),
    ]
    finished = subprocess.run(
        command, capture_output=True, text=True, timeout=seconds + 60, check=False
    )
    tps, latency = _TPS.search(finished.stdout), _LATENCY.search(finished.stdout)
    if finished.returncode != 0 or tps is None or latency is None:
        message = f"pgbench failed: {finished.stderr.strip()[-500:]}"
        raise OpsError(message)
    return Sample(float(tps[1]), float(latency[1]))
