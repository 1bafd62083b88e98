"""Owns the two probes: is the process alive, and should it get requests; knows no domain.

Ready means that the database answers within a second and has the schema that this code expects.
"""

import signal
import threading
from collections.abc import Callable
from functools import cache
from queue import Empty, SimpleQueue
from types import FrameType

from alembic.config import Config
from alembic.script import ScriptDirectory
from flask import Blueprint, Flask, current_app
from sqlalchemy import Connection, Engine, create_engine, pool, text
from sqlalchemy.exc import SQLAlchemyError

from backend.auth.guards import public
from backend.config import ROOT
from backend.errors import Unavailable

DATABASE_WAIT_S = 1.0
EXTENSION = "dongne_readiness"

blueprint = Blueprint("health", __name__)
_stopping = threading.Event()


class NotReady(Unavailable):
    """The process should get no requests for now.

    :param params: ``reason``: database, migrations or stopping.
    """

    code = "not_ready"
    ko = "아직 요청을 받을 준비가 되지 않았습니다({reason})."
    en = "Not ready for requests ({reason})."


def init_app(app: Flask) -> None:
    """Add the probes, and stop being ready on SIGTERM."""
    app.extensions[EXTENSION] = create_engine(
        app.config["SQLALCHEMY_DATABASE_URI"],
        # Its own connection each time: a pool that is busy is no reason to get no requests.
        poolclass=pool.NullPool,
        connect_args={
            "connect_timeout": 2,
            "application_name": "dongne readiness",
            "options": f"-c statement_timeout={round(DATABASE_WAIT_S * 1000)}",
        },
    )
    app.register_blueprint(blueprint)
    _watch_termination()


@blueprint.get("/healthz")
@public
def show_liveness() -> dict[str, str]:
    """Say that the process answers, without asking anything else."""
    return {"status": "alive"}


@blueprint.get("/readyz")
@public
def show_readiness() -> dict[str, str]:
    """Say whether to send requests here.

    :raises NotReady: while stopping, without the database, or with another schema than the code's.
    """
    if _stopping.is_set():
        raise NotReady(reason="stopping")
    engine: Engine = current_app.extensions[EXTENSION]
    try:
        applied = _within(DATABASE_WAIT_S, lambda: _ask(engine))
    except (TimeoutError, SQLAlchemyError) as exc:
        raise NotReady(reason="database") from exc
    if applied != code_revision():
        raise NotReady(reason="migrations")
    return {"status": "ready"}


def announce_stop() -> None:
    """Answer `not ready` from now on; for servers that handle SIGTERM themselves."""
    _stopping.set()


@cache
def code_revision() -> str | None:
    """Return the newest migration of this code."""
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    return ScriptDirectory.from_config(config).get_current_head()


def read_applied_revision(connection: Connection) -> str | None:
    """Return the migration that the database stands at, None before the first."""
    if connection.scalar(text("SELECT to_regclass('alembic_version')")) is None:
        return None
    revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return revision


def _ask(engine: Engine) -> str | None:
    with engine.connect() as connection:
        return read_applied_revision(connection)


def _within(seconds: float, ask: Callable[[], str | None]) -> str | None:
    """Return what `ask` returns, and leave it behind when it takes longer.

    A thread, because no timeout of the driver covers a server that accepts and never answers; a
    daemon, so that a hanging one does not keep the process from ending.

    :raises TimeoutError: when it takes longer.
    """
    answers: SimpleQueue[str | Exception | None] = SimpleQueue()

    def run() -> None:
        try:
            answers.put(ask())
        except SQLAlchemyError as exc:
            answers.put(exc)

    threading.Thread(target=run, name="readiness", daemon=True).start()
    try:
        answer = answers.get(timeout=seconds)
    except Empty:
        raise TimeoutError from None
    if isinstance(answer, Exception):
        raise answer
    return answer


def _watch_termination() -> None:
    """Note SIGTERM before the server's own handler, where it set one before loading us."""
    if threading.current_thread() is not threading.main_thread():
        return
    previous = signal.getsignal(signal.SIGTERM)
    if not callable(previous) or getattr(previous, "announces_stop", False):
        return

    def stop(number: int, frame: FrameType | None) -> None:
        announce_stop()
        previous(number, frame)

    stop.announces_stop = True  # type: ignore[attr-defined]
    signal.signal(signal.SIGTERM, stop)
