"""Owns the benchmark's own database: made, migrated and loaded anew for each run, then dropped."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

import psycopg
from sqlalchemy import URL, make_url

from backend.ops import cluster
from backend.ops.command import environment, run_logged
from backend.ops.errors import OpsError
from backend.ops.paths import Paths
from backend.ops.progress import Progress
from backend.ops.signals import deferred

NAME = "dongne_bench_geo"
_TURN = 0x62656E63
"""Advisory lock of a run ("benc")."""


def server_url(paths: Paths) -> URL:
    """Return the address of a database on the server to measure on.

    :raises OpsError: when there is none.
    """
    given = os.environ.get("DATABASE_URL") or cluster.find_url(paths)
    if not given:
        raise OpsError("The benchmark needs PostgreSQL.", "make db")
    return make_url(given).set(drivername="postgresql")


@contextmanager
def loaded(paths: Paths, progress: Progress, *, keep: bool, name: str = NAME) -> Iterator[URL]:
    """Yield the address of a new database that holds the country, and drop it afterwards.

    :param keep: leave it behind, for a look; the next run makes it anew.
    :param name: of the database.
    :raises OpsError: when another run is under way, or the database cannot be made.
    """
    server = server_url(paths)
    with psycopg.connect(libpq(server), autocommit=True) as maintenance:
        row = maintenance.execute("SELECT pg_try_advisory_lock(%s)", [_TURN]).fetchone()
        if row is None or not row[0]:
            raise OpsError("Another run of this benchmark is under way.")
        maintenance.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        maintenance.execute(f"CREATE DATABASE {name}")
        try:
            url = server.set(database=name)
            _fill(paths, progress, url)
            yield url
        finally:
            if keep:
                progress.say(f"The database {name} was left behind.")
            else:
                with deferred():
                    maintenance.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _fill(paths: Paths, progress: Progress, url: URL) -> None:
    env = environment(**our_settings(url))
    log = paths.logs / "bench-geo-load.log"
    log.unlink(missing_ok=True)
    flask = [str(paths.python), "-m", "flask", "--app", "wsgi"]
    with progress.step("Loading the country") as step:
        for arguments in (["db", "upgrade"], ["regions", "load"]):
            run_logged(step, [*flask, *arguments], log=log, cwd=paths.root, env=env)
        with psycopg.connect(libpq(url), autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")


def our_settings(url: URL) -> dict[str, str]:
    """Return the variables that our application is started with."""
    given = url.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
    return {
        "DATABASE_URL": given,
        "DONGNE_SECRET_KEY": secrets.token_hex(32),
        "DONGNE_LOG_FORMAT": "json",
        # One address asks more often here than a /24 of people may.
        "DONGNE_RATE_LIMITS": "off",
    }


def libpq(url: URL) -> str:
    """Return an address as psycopg and PostgreSQL's own programs read it."""
    return url.render_as_string(hide_password=False)


def with_socket_as_host(url: URL) -> str:
    """Return an address whose socket directory stands where others have their host."""
    directory = url.query.get("host")
    if not isinstance(directory, str):
        return libpq(url)
    user = f"{quote(url.username, safe='')}@" if url.username else ""
    return f"postgresql://{user}{quote(directory, safe='')}/{url.database}"


def as_variables(url: URL) -> dict[str, str]:
    """Return an address as libpq's environment variables."""
    host = url.host or url.query.get("host")
    found = {
        "PGHOST": host if isinstance(host, str) else None,
        "PGPORT": str(url.port) if url.port else None,
        "PGUSER": url.username,
        "PGPASSWORD": url.password,
        "PGDATABASE": url.database,
    }
    return {name: value for name, value in found.items() if value}
