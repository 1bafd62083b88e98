"""Owns the benchmarks' own databases: made, migrated and loaded, then dropped or kept."""

import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import quote

import psycopg
from psycopg.sql import SQL, Identifier, Literal
from sqlalchemy import URL, make_url

from backend.ops import cluster
from backend.ops.command import environment, run_logged
from backend.ops.errors import OpsError
from backend.ops.paths import Paths
from backend.ops.progress import Progress
from backend.ops.signals import deferred

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
def loaded(paths: Paths, progress: Progress, name: str, *, keep: bool) -> Iterator[URL]:
    """Yield the address of a new database that holds the country, and drop it afterwards.

    :param keep: leave it behind, for a look; the next run makes it anew.
    :raises OpsError: when another run is under way, or the database cannot be made.
    """
    server = server_url(paths)
    with _turn(server) as maintenance:
        _make(maintenance, name)
        try:
            url = server.set(database=name)
            load_country(paths, progress, url)
            yield url
        finally:
            if keep:
                progress.say(f"The database {name} was left behind.")
            else:
                with deferred():
                    _drop(maintenance, name)


@contextmanager
def kept(
    paths: Paths, names: Mapping[str, str], fill: Callable[[str, URL], None]
) -> Iterator[dict[str, URL]]:
    """Yield the addresses of databases that stay between runs; make what is missing or outdated.

    A database is made under another name and takes its own when it is complete, with what it was
    made from as its comment.

    :param names: what each was made from, by name: another text makes it anew.
    :param fill: is given a name and the address of the new, empty database for it.
    :raises OpsError: when another run is under way, or a database cannot be made.
    """
    server = server_url(paths)
    with _turn(server) as maintenance:
        for name, made_from in names.items():
            if _comment(maintenance, name) == made_from:
                continue
            unfinished = f"{name}_unfinished"
            _make(maintenance, unfinished)
            fill(name, server.set(database=unfinished))
            _drop(maintenance, name)
            old, new = Identifier(unfinished), Identifier(name)
            maintenance.execute(SQL("ALTER DATABASE {} RENAME TO {}").format(old, new))
            comment = SQL("COMMENT ON DATABASE {} IS {}").format(new, Literal(made_from))
            maintenance.execute(comment)
        yield {name: server.set(database=name) for name in names}


@contextmanager
def _turn(server: URL) -> Iterator[psycopg.Connection]:
    """Yield a connection outside transactions that holds the turn of the one run there may be."""
    with psycopg.connect(libpq(server), autocommit=True) as maintenance:
        row = maintenance.execute("SELECT pg_try_advisory_lock(%s)", [_TURN]).fetchone()
        if row is None or not row[0]:
            raise OpsError("Another run of this benchmark is under way.")
        yield maintenance


def _make(maintenance: psycopg.Connection, name: str) -> None:
    _drop(maintenance, name)
    maintenance.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))


def _drop(maintenance: psycopg.Connection, name: str) -> None:
    maintenance.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(name)))


def _comment(maintenance: psycopg.Connection, name: str) -> str | None:
    row = maintenance.execute(
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [name]
    ).fetchone()
    return None if row is None else row[0]


def load_country(paths: Paths, progress: Progress, url: URL) -> None:
    """Migrate an empty database and load the country.

    :raises OpsError: when a step fails.
    """
    env = environment(**our_settings(url))
    log = paths.logs / f"{url.database}-load.log"
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
        # A run takes longer than people are given.
        "DONGNE_ACCESS_TOKEN_MINUTES": "600",
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
