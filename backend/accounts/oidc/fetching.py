"""Owns the requests to sign-in providers: bounded in time and size, and redirected nowhere."""

import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import requests
import structlog

from backend.errors import Unavailable

WAIT_S = 3.0
"""For a connection, and for each piece of the answer."""
WHOLE_S = 5.0
"""For the whole body, however it trickles."""
MOST_BYTES = 256 * 1024
"""Of a body: many times what a provider's documents have."""

_MAX_AGE = re.compile(r"(?:^|,)\s*max-age=(\d{1,9})\s*(?:,|$)", re.IGNORECASE)

log = structlog.get_logger(__name__)


class ProviderUnavailable(Unavailable):
    """The provider does not answer, or what it answers is nothing to rely on."""

    code = "provider_unavailable"
    ko = "{name_ko} 로그인을 지금 쓸 수 없습니다. 잠시 뒤에 다시 시도해 주세요."
    en = "Signing in with {name_en} is not possible right now. Please try again later."
    retry_after_s = 5


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address answered.

    :param body: the JSON object.
    :param max_age: how long it may be kept, as far as it says so.
    """

    status: int
    body: dict[str, Any]
    max_age: timedelta | None


class FetchFailed(Exception):
    """There is no usable answer; the message is for the log."""


def get_json(url: str) -> Fetched:
    """Return what an address answers to GET.

    :raises FetchFailed: when it is not 200 with a JSON object, in time and within bounds.
    """
    fetched = _send("GET", url)
    if fetched.status != 200:
        msg = f"{url} answered {fetched.status}"
        raise FetchFailed(msg)
    return fetched


def post_form(
    url: str, fields: Mapping[str, str], *, basic: tuple[str, str] | None = None
) -> Fetched:
    """Return what an address answers to a form; a refusal is an answer.

    :param basic: name and password of HTTP Basic, form-encoded by the caller.
    :raises FetchFailed: when it is no JSON object, in time and within bounds.
    """
    return _send("POST", url, data=fields, auth=basic)


def _send(method: str, url: str, **content: Any) -> Fetched:
    started = time.monotonic()
    with requests.Session() as session:
        # Nothing of the process's surroundings: no proxy, and no password out of a ~/.netrc.
        session.trust_env = False
        try:
            with session.request(
                method,
                url,
                headers={"Accept": "application/json", "Accept-Encoding": "identity"},
                timeout=WAIT_S,
                allow_redirects=False,
                stream=True,
                **content,
            ) as response:
                text = _read(response, started + WHOLE_S)
        except (requests.RequestException, OSError, ValueError) as exc:
            msg = f"{url}: {type(exc).__name__}"
            raise FetchFailed(msg) from exc
    body = _parse(url, text)
    return Fetched(response.status_code, body, _max_age(response.headers.get("Cache-Control", "")))


def _read(response: requests.Response, until: float) -> bytes:
    """Read piece by piece: reading a size at a time would wait for as long as bytes trickle."""
    found = b""
    while piece := response.raw.read1(64 * 1024):
        found += piece
        if len(found) > MOST_BYTES:
            msg = "too large"
            raise ValueError(msg)
        if time.monotonic() > until:
            msg = "too slow"
            raise ValueError(msg)
    return found


def _parse(url: str, text: bytes) -> dict[str, Any]:
    try:
        body = json.loads(text)
    except (ValueError, RecursionError) as exc:
        msg = f"{url}: no JSON"
        raise FetchFailed(msg) from exc
    if not isinstance(body, dict):
        msg = f"{url}: no JSON object"
        raise FetchFailed(msg)
    return body


def _max_age(cache_control: str) -> timedelta | None:
    found = _MAX_AGE.search(cache_control)
    return timedelta(seconds=int(found.group(1))) if found else None
