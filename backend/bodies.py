"""Owns how large a body may be, however it is sent, and the routes that take larger ones.

Without a Content-Length a body ends where it ends: read to the limit and no further it would pass
for whole. It is therefore read here, in a loop, and refused when there is more.
"""

import io
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, g, request
from werkzeug.exceptions import RequestEntityTooLarge

View = TypeVar("View", bound=Callable[..., Any])

PIECE_BYTES = 64 * 1024
WITHOUT_BODY = frozenset({"GET", "HEAD", "OPTIONS"})
"""Whatever these methods bring along, no view reads it."""


def init_app(app: Flask) -> None:
    """Measure the body of every request whose caller is known by now."""
    app.before_request(measure_body)


def takes_body(limit_bytes: int) -> Callable[[View], View]:
    """Let a view take a larger body than others, from those who are signed in.

    :param limit_bytes: size of the largest.
    """

    def mark(view: View) -> View:
        view._limit_bytes = limit_bytes  # type: ignore[attr-defined]
        return view

    return mark


def measure_body() -> None:
    """Set the limit of the request's view, and read a body that does not say its length.

    :raises RequestEntityTooLarge: when such a body is larger.
    """
    if request.endpoint is None or request.method in WITHOUT_BODY:
        return
    view = current_app.view_functions[request.endpoint]
    limit_bytes: int | None = getattr(view, "_limit_bytes", None)
    if limit_bytes is not None and g.identity.account_id is not None:
        request.max_content_length = limit_bytes
    if request.content_length is None and request.environ.get("wsgi.input_terminated"):
        _read_whole(request.max_content_length or 0)


def _read_whole(limit_bytes: int) -> None:
    stream = request.environ["wsgi.input"]
    body = io.BytesIO()
    while piece := stream.read(min(PIECE_BYTES, limit_bytes + 1 - body.tell())):
        body.write(piece)
        if body.tell() > limit_bytes:
            raise RequestEntityTooLarge
    request.environ["CONTENT_LENGTH"] = str(body.tell())
    request.environ.pop("HTTP_TRANSFER_ENCODING", None)
    body.seek(0)
    request.environ["wsgi.input"] = body
