"""Owns how migrations run: one run at a time, one transaction each, within time limits.

Owns no schema: that is in `versions/`, which imports neither models nor services.

Limits are set for the run, not for the role, because a data load may take minutes while a
request may not. Widen them with `flask db upgrade -x statement_timeout=2h -x lock_timeout=30s`.
"""

import time
from typing import Any

from alembic import context
from alembic.operations import MigrationScript
from alembic.script import ScriptDirectory
from flask import current_app
from geoalchemy2 import alembic_helpers
from sqlalchemy import Connection, Engine, create_engine, pool, text

from geo.orm import Base

LOCK_KEY = 0x646F6E67  # "dong": the advisory lock that one migration run holds
LOCK_WAIT_S = 600
LOCK_POLL_S = 0.5

TIMEOUTS = {
    # Give up on a busy table rather than queue every request behind our waiting DDL.
    "lock_timeout": "5s",
    # Long enough to load the boundaries of the whole country, short enough to notice a hang.
    "statement_timeout": "15min",
    # A data migration may compute between two statements.
    "idle_in_transaction_session_timeout": "0",
}

NOT_OURS = ("procrastinate_", "spatial_ref_sys", "geometry_columns", "geography_columns", "raster_")
"""Tables of PostGIS and of the queue: they have no model, and are no drift."""

config = context.config


def include_name(name: str | None, type_: str, _parents: Any) -> bool:
    """Tell whether a reflected object is ours to compare with the models."""
    return not (type_ == "table" and name is not None and name.startswith(NOT_OURS))


def number_revision(_context: Any, _revision: Any, directives: list[MigrationScript]) -> None:
    """Give a new revision the next number, and make none when there is nothing to write."""
    script = directives[0]
    if getattr(config.cmd_opts, "autogenerate", False) and script.upgrade_ops.is_empty():
        directives.clear()
        return
    head = ScriptDirectory.from_config(config).get_current_head()
    script.rev_id = f"{int(head or 0) + 1:04d}"


def configure(**connection_or_url: Any) -> None:
    """Hand Alembic the options that hold online and offline."""
    context.configure(
        target_metadata=Base.metadata,
        compare_type=True,
        autogenerate_plugins=["alembic.autogenerate.*", "alembic.ext.checkconstraint_byname"],
        include_name=include_name,
        render_item=alembic_helpers.render_item,
        process_revision_directives=number_revision,
        transaction_per_migration=True,
        **connection_or_url,
    )


def hold_run_lock(connection: Connection) -> None:
    """Wait until no other migration run is under way, and keep others out for this session.

    Polls: a backend that waits in `pg_advisory_lock` holds a snapshot, and a CREATE INDEX
    CONCURRENTLY of the run it waits for would wait for it in turn.

    :raises TimeoutError: when another run holds the lock for `LOCK_WAIT_S`.
    """
    deadline = time.monotonic() + LOCK_WAIT_S
    while not connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": LOCK_KEY}):
        connection.commit()
        if time.monotonic() > deadline:
            raise TimeoutError("another migration run holds the lock")
        time.sleep(LOCK_POLL_S)
    connection.commit()


def set_timeouts(connection: Connection) -> None:
    """Set the limits of this run on its session, those given by `-x name=value` first."""
    given = context.get_x_argument(as_dictionary=True)
    for name, value in TIMEOUTS.items():
        connection.execute(
            text("SELECT set_config(:name, :value, false)"),
            {"name": name, "value": given.get(name, value)},
        )
    connection.commit()


def engine() -> Engine:
    """Make the engine of this run; its session ends with it, and with it limits and lock.

    `database_url` among the attributes of the Alembic configuration goes before the
    application's own: tests and tools migrate databases that no application serves.
    """
    url = config.attributes.get("database_url") or current_app.extensions["migrate"].db.engine.url
    return create_engine(url, poolclass=pool.NullPool)


def run_online() -> None:
    """Migrate the database under the run lock."""
    with engine().connect() as connection:
        hold_run_lock(connection)
        set_timeouts(connection)
        configure(connection=connection)
        with context.begin_transaction():
            context.run_migrations()


def run_offline() -> None:
    """Write the SQL that a run would execute, for somebody to read."""
    configure(dialect_name="postgresql", literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()


if context.is_offline_mode():
    run_offline()
else:
    run_online()
