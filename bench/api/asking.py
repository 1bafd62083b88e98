"""Owns asking one thing at a time: a running server, or the application in this process."""

import http.client
import json
from collections.abc import Callable, Iterable, Mapping
from contextlib import redirect_stderr
from dataclasses import dataclass
from typing import Any, TextIO

from flask.testing import FlaskClient

from backend.ops.errors import OpsError
from bench.serving.http_client import Request
from bench.serving.processes import HOST


@dataclass(frozen=True)
class Reply:
    """What was answered; names of headers in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """Return the body as data."""
        return json.loads(self.body)


Asker = Callable[[Request], Reply]


def of_server(port: int) -> Asker:
    """Return what asks a server on loopback, over a connection for each question."""

    def ask(request: Request) -> Reply:
        connection = http.client.HTTPConnection(HOST, port, timeout=60)
        try:
            connection.request(
                method_of(request), request.path, _body(request), {**request.headers, **_TYPE}
            )
            response = connection.getresponse()
            return Reply(response.status, _lower(response.headers.items()), response.read())
        finally:
            connection.close()

    return ask


def of_application(client: FlaskClient, log: TextIO) -> Asker:
    """Return what asks the application without a server between.

    :param log: takes the application's lines.
    """

    def ask(request: Request) -> Reply:
        with redirect_stderr(log):
            response = client.open(
                request.path,
                method=method_of(request),
                data=_body(request),
                headers={**request.headers, **_TYPE},
            )
        return Reply(response.status_code, _lower(response.headers.items()), response.get_data())

    return ask


def must(ask: Asker, request: Request, *statuses: int) -> Reply:
    """Return the answer to a question that cannot go wrong.

    :raises OpsError: when it went wrong.
    """
    reply = ask(request)
    if reply.status not in (statuses or (200,)):
        message = f"{method_of(request)} {request.path} gave {reply.status}: {reply.body[:500]!r}"
        raise OpsError(message)
    return reply


def method_of(request: Request) -> str:
    """Return the method of a request."""
    return request.method or ("GET" if request.body is None else "POST")


_TYPE = {"Content-Type": "application/json"}


def _body(request: Request) -> bytes | None:
    return None if request.body is None else request.body.encode()


def _lower(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers}
