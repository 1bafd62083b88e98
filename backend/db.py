"""Owns the database session, the unit of work (the only place that commits) and row ids.

Models map on `geo.orm.Base`; only `db.session` and `db.engines` of Flask-SQLAlchemy are used, so
that it stays replaceable in this file.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Annotated, Any
from uuid import UUID

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, mapped_column
from uuid_utils.compat import uuid7

from backend.config import READ_BIND
from backend.errors import DomainError
from geo.orm import Base, lift_time_limits

db = SQLAlchemy(model_class=Base)


_ids: ContextVar[Callable[[], UUID]] = ContextVar("ids", default=uuid7)


def new_id() -> UUID:
    """Return a UUIDv7 (RFC 9562): sortable by the time of its making."""
    return _ids.get()()


@contextmanager
def ids_from(source: Callable[[], UUID]) -> Iterator[None]:
    """Take new ids from `source` inside the block, so that a demonstration can be repeated."""
    token = _ids.set(source)
    try:
        yield
    finally:
        _ids.reset(token)


Id = Annotated[UUID, mapped_column(primary_key=True, default=new_id)]
"""Primary key of a row; a client may give it, so that a create can be repeated."""


WRITERS = 0x77726974
"""Advisory lock ("writ"): shared by all who write, held alone by a change of the boundaries."""


_WHOLE = "one_unit_of_work"


@contextmanager
def unit_of_work(*, alone: bool = False) -> Iterator[Session]:
    """Commit what the block wrote, or roll all of it back and re-raise.

    Every write stands wholly before or wholly after a change of the boundaries: the writer's first
    lock, before any row's, is shared with the other writers, and the change waits for it.

    Inside `one_unit_of_work` it is a part of that one, which commits.

    :param alone: wait until nobody else writes, keep new writers waiting, and lift the time limits.
    """
    session: Session = db.session()
    if session.info.get(_WHOLE):
        yield session
        # What was read is as stale as after a commit: the database may have rounded or filled in.
        session.flush()
        session.expire_all()
        return
    try:
        if alone:
            lift_time_limits(session)
        kind = "" if alone else "_shared"
        session.execute(text(f"SELECT pg_advisory_xact_lock{kind}(:key)"), {"key": WRITERS})
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise


@contextmanager
def one_unit_of_work() -> Iterator[Session]:
    """Make every unit of work of the block part of one, committed at the block's end.

    Whoever wraps a write from outside adds to it what has to be true together with it.
    """
    with unit_of_work() as session:
        if session.info.get(_WHOLE):
            yield session
            return
        session.info[_WHOLE] = True
        try:
            yield session
        finally:
            del session.info[_WHOLE]


def read_engine() -> Engine | None:
    """Return the engine of pure reads, None where all goes through one connection, as in a test.

    What is kept in memory belongs to an engine, never to a transaction that may be taken back.
    """
    return None if isinstance(db.engines[None], Connection) else db.engines[READ_BIND]


@contextmanager
def read_connection() -> Iterator[Connection]:
    """Yield a connection outside any transaction, for tiles, lookups and other pure reads."""
    bind: Any = db.engines[None]
    if isinstance(bind, Connection):
        yield bind
        return
    with db.engines[READ_BIND].connect() as connection:
        yield connection


@contextmanager
def read_snapshot() -> Iterator[Connection]:
    """Yield a connection whose statements all see one state, for answers of several reads."""
    bind: Any = db.engines[None]
    if isinstance(bind, Connection):
        yield bind
        return
    with bind.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        yield connection


def release_connection() -> None:
    """Give the request's connection back before long work that needs no database.

    What the session has read is left behind: hand over plain records.
    """
    db.session.close()


@contextmanager
def conflict_on(session: Session, **errors: DomainError) -> Iterator[None]:
    """Flush the block in a savepoint and turn named constraint violations into domain errors.

    :param errors: constraint name -> the error to raise in its place.
    :raises IntegrityError: when a constraint that is not named was violated.
    """
    try:
        with session.begin_nested():
            yield
            session.flush()
    except IntegrityError as exc:
        error = errors.get(constraint_name(exc) or "")
        if error is None:
            raise
        raise error from exc


def constraint_name(exc: IntegrityError) -> str | None:
    """Return the name of the violated constraint, as PostgreSQL reports it."""
    diagnostics = getattr(exc.orig, "diag", None)
    name: str | None = getattr(diagnostics, "constraint_name", None)
    return name
