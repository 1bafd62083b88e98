"""Owns the databases of the tests: one template with the whole country, copied per worker.

The template is built once per state of the migrations and the boundary code, and kept in the
server between runs.
"""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import flask_migrate
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import make_url

from backend.app import create_app
from backend.db import db
from backend.ops import cluster
from geo.boundaries import load_country

ROOT = Path(__file__).resolve().parents[2]
_TEMPLATE_INPUTS = (
    "migrations/**/*.py",
    "migrations/**/*.sql",
    "geo/boundaries/**/*.*",
    "geo/regions/**/*.py",
)
TEST_SETTINGS = {
    "SECRET_KEY": "of the tests only, never of an installation",
    "LOG_FORMAT": "json",
    "LOG_DELAY_MS": 0,
    "RATE_LIMITS": False,
}


def server_url() -> str:
    """Return the URL of a database on the server that the tests may create databases on."""
    url = os.environ.get("DATABASE_URL") or cluster.find_url()
    if url is None:
        msg = "the tests need PostgreSQL: start the private cluster with `make db`"
        raise RuntimeError(msg)
    return url


def url_of(database: str) -> str:
    """Return the URL of a database by its name."""
    url = make_url(server_url()).set(drivername="postgresql+psycopg", database=database)
    return url.render_as_string(hide_password=False)


@contextmanager
def maintenance() -> Iterator[Connection]:
    """Yield a connection outside transactions, from which databases are made and dropped."""
    engine = create_engine(url_of(make_url(server_url()).database or "postgres"))
    try:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            yield connection
    finally:
        engine.dispose()


def ensure_template() -> str:
    """Return the name of the migrated template with the country loaded; build it if need be."""
    name = f"dongne_template_{_digest()}"
    with maintenance() as connection:
        # Workers start at the same time; the first one builds and the others wait.
        connection.execute(text("SELECT pg_advisory_lock(hashtext('dongne_template'))"))
        if _exists(connection, name):
            return name
        for old in _names(connection, "dongne_template_%"):
            drop(connection, old)
        unfinished = f"dongne_template_building_{secrets.token_hex(4)}"
        connection.execute(text(f"CREATE DATABASE {unfinished}"))
        _fill(url_of(unfinished))
        connection.execute(text(f"ALTER DATABASE {unfinished} RENAME TO {name}"))
    return name


@contextmanager
def copy_of(template: str | None, prefix: str = "dongne_test") -> Iterator[str]:
    """Yield the URL of a new database, a copy of `template` or empty, dropped afterwards."""
    name = f"{prefix}_{os.getpid()}_{secrets.token_hex(4)}"
    with maintenance() as connection:
        suffix = f" TEMPLATE {template}" if template else ""
        connection.execute(text(f"CREATE DATABASE {name}{suffix}"))
    try:
        yield url_of(name)
    finally:
        with maintenance() as connection:
            drop(connection, name)


def drop(connection: Connection, name: str) -> None:
    """Drop a database, whoever is still connected."""
    connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))


def _fill(url: str) -> None:
    app = create_app({**TEST_SETTINGS, "SQLALCHEMY_DATABASE_URI": url})
    with app.app_context():
        flask_migrate.upgrade(str(ROOT / "migrations"))
        with db.engines[None].begin() as connection:
            connection.execute(text("SET LOCAL statement_timeout = 0"))
            load_country(connection, Path(app.config["VAR_DIR"]) / "boundaries")
        with db.engines[None].connect().execution_options(isolation_level="AUTOCOMMIT") as vacuum:
            vacuum.execute(text("SET statement_timeout = 0"))
            vacuum.execute(text("VACUUM ANALYZE"))
        for engine in db.engines.values():
            engine.dispose()


def _digest() -> str:
    files = sorted(path for pattern in _TEMPLATE_INPUTS for path in ROOT.glob(pattern))
    state = sha256()
    for path in files:
        if path.is_file() and "__pycache__" not in path.parts:
            state.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return state.hexdigest()[:12]


def _exists(connection: Connection, name: str) -> bool:
    return bool(_names(connection, name))


def _names(connection: Connection, pattern: str) -> list[str]:
    statement = text("SELECT datname FROM pg_database WHERE datname LIKE :pattern")
    return list(connection.scalars(statement, {"pattern": pattern}))
