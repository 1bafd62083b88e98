"""Owns one try of a request: what came back whole, or that something of it was lost."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlsplit

PATIENCE_S = 30


class Lost(Exception):
    """A try of which nothing, or not everything, came back."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, whole."""

    status: int
    headers: Mapping[str, str]
    body: Any

    @property
    def code(self) -> str:
        """Return the code of a problem; empty for what is none."""
        return self.body.get("code", "") if self.status >= 400 else ""


def ask(address: str, method: str, path: str, body: Any, headers: Mapping[str, str]) -> Answer:
    """Send a request on a connection of its own.

    :param address: such as ``http://127.0.0.1:8000``.
    :param body: bytes go as they are, what else as JSON; None for none.
    :raises Lost: when nothing, or not everything, comes back.
    """
    to = urlsplit(address)
    connection = HTTPConnection(to.hostname or "", to.port, timeout=PATIENCE_S)
    sent = {"Connection": "close", **headers}
    payload = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
    if payload is not None:
        sent.setdefault("Content-Type", "application/json")
    try:
        connection.request(method, path, payload, sent)
        got = connection.getresponse()
        text = got.read()
        told = {name.lower(): value for name, value in got.getheaders()}
        # Half a head reads like a whole one without a body: only what can be read has come.
        return Answer(got.status, told, json.loads(text) if got.status not in (204, 304) else None)
    except (OSError, HTTPException, ValueError) as exc:
        raise Lost from exc
    finally:
        connection.close()
