"""Owns how the application logs: one JSON line per event, or readable lines on a terminal.

A line tells what happened, never what was sent: no query string, no body, no token, no address.
"""

import logging
import re
import sys
import time
from typing import TYPE_CHECKING
from urllib.parse import quote

import structlog
from flask import Flask, Response, g, request
from uuid_utils import uuid4

if TYPE_CHECKING:
    from structlog.typing import Processor

REQUEST_ID_HEADER = "X-Request-Id"
REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
LONGEST_PATH = 300
SECRET_ARGUMENT = re.compile("token|secret|code$", re.IGNORECASE)
"""Names of path arguments whose value opens something to whoever knows it."""

QUIET = {
    # Its request lines carry query strings; ours do not.
    "werkzeug": logging.WARNING,
    # The worker writes one line of ours per job.
    "procrastinate": logging.WARNING,
    "alembic.runtime.plugins": logging.WARNING,
}

log = structlog.get_logger(__name__)


class _CurrentStderr:
    """Writes to what `sys.stderr` is at the time, which tests and servers replace."""

    def write(self, text: str) -> int:
        return sys.stderr.write(text)

    def flush(self) -> None:
        sys.stderr.flush()


_STDERR = _CurrentStderr()


class _Lines(structlog.WriteLogger):
    """Writes finished lines at once; by way of the standard library they would cost twice as much.

    :param name: of the module that logs.
    """

    def __init__(self, name: str = "") -> None:
        super().__init__(_STDERR)  # type: ignore[arg-type]
        self.name = name


def init_app(app: Flask) -> None:
    """Set up logging for the process, and one line per request.

    :param app: with `LOG_FORMAT` ``auto``, ``json`` or ``console`` among its settings.
    """
    form = app.config["LOG_FORMAT"]
    configure(console=form == "console" or (form == "auto" and sys.stderr.isatty()))
    app.before_request(_begin)
    app.after_request(_finish)


def configure(*, console: bool) -> None:
    """Send structlog's events and those of the standard library to stderr in one form.

    :param console: readable lines rather than JSON.
    """
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    last: list[Processor] = (
        # Not rich's tracebacks: they print local variables, and with them personal data.
        [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
        if console
        else [
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
        ]
    )
    structlog.configure(
        processors=[*shared, *last],
        logger_factory=_Lines,
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
    )
    # What libraries write by way of the standard library comes out in the same form.
    handler = logging.StreamHandler(_STDERR)
    handler.set_name(__name__)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.PositionalArgumentsFormatter()],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    root = logging.getLogger()
    for old in [old for old in root.handlers if old.get_name() == __name__]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    for name, level in QUIET.items():
        logging.getLogger(name).setLevel(level)


def _begin() -> None:
    g.request_started = time.perf_counter()
    given = request.headers.get(REQUEST_ID_HEADER, "")
    g.request_id = given if REQUEST_ID.fullmatch(given) else uuid4().hex
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def _finish(response: Response) -> Response:
    response.headers[REQUEST_ID_HEADER] = g.request_id
    account_id = getattr(g.get("identity"), "account_id", None)
    write = log.info if response.status_code < 500 else log.warning
    if request.blueprint == "health" and response.status_code < 400:
        # A probe every few seconds would drown the rest.
        write = log.debug
    write(
        "request",
        method=request.method,
        path=loggable_path(),
        status=response.status_code,
        duration_ms=round((time.perf_counter() - g.request_started) * 1000, 1),
        account_id=None if account_id is None else str(account_id),
    )
    return response


def loggable_path() -> str:
    """Return the current request's path without secrets, control characters or great length."""
    path = request.path
    for name, value in (request.view_args or {}).items():
        if SECRET_ARGUMENT.search(name) and value:
            path = path.replace(str(value), "***")
    return quote(path, safe="/:@*~")[:LONGEST_PATH]
