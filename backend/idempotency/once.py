"""Owns `Idempotency-Key` over HTTP: a write sent twice is done once and answered twice.

A key belongs to an account. Nobody answers for a key of somebody who is not signed in, whose
header therefore changes nothing, as it does not where a view is marked `not_kept`.

The header is that of draft-ietf-httpapi-idempotency-key-header.
"""

import re
from collections.abc import Callable
from hashlib import sha256
from typing import Any, TypeVar
from uuid import UUID

from flask import Response, current_app, g, request

from backend import clock
from backend.db import one_unit_of_work
from backend.errors import DomainError
from backend.idempotency import service
from backend.idempotency.models import KeptAnswer

View = TypeVar("View", bound=Callable[..., Any])

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
"""Says that an answer was given before and nothing was done this time."""

_KEY = re.compile(r"[\x21-\x7e]{1,255}")


class KeyMalformed(DomainError):
    """The key is no short word of visible characters."""

    code = "idempotency_key_malformed"
    ko = "Idempotency-Key는 빈칸 없는 영문·숫자·기호 1~255자여야 합니다."
    en = "An Idempotency-Key has 1 to 255 visible ASCII characters."


def not_kept(view: View) -> View:
    """Mark a POST whose answer is not kept: it tells a secret, changes nothing, or refuses late."""
    view._not_kept = True  # type: ignore[attr-defined]
    return view


def is_kept(view: Callable[..., Any]) -> bool:
    """Tell whether the answer of a POST is kept for who sends a key."""
    return not getattr(view, "_not_kept", False)


def answer_once(work: Callable[[], Any]) -> Any:
    """Return what `work` answers, or what it answered when the same request came before.

    Every unit of work of the view is part of one transaction with the key and the answer. A
    refusal changed nothing, so nothing of it is kept: the same key may be tried again.

    :param work: runs the view of the request.
    :raises KeyMalformed: when the header is no key.
    :raises RequestUnderWay: when the same request is being worked on.
    :raises KeyReused: when the key was used for another request.
    """
    key = request.headers.get(HEADER)
    if key is None or not _takes_key():
        return work()
    # Also of who is not signed in and has no answers kept: the client is wrong all the same.
    if not _KEY.fullmatch(key):
        raise KeyMalformed(field=f"headers.{HEADER}")
    account_id: UUID | None = g.identity.account_id
    if account_id is None:
        return work()
    asked = service.KeyedRequest(account_id, key, _fingerprint())
    with one_unit_of_work() as session:
        kept = service.claim(session, asked, now=clock.now())
        if kept is not None:
            return _replay(kept)
        response = current_app.make_response(work())
        if response.status_code < 300:
            service.keep(
                session,
                asked,
                status=response.status_code,
                headers=[pair for pair in response.headers if pair[0] != "Content-Length"],
                body=response.get_data(),
                now=clock.now(),
            )
        return response


def _takes_key() -> bool:
    if request.method != "POST" or request.endpoint is None:
        return False
    return is_kept(current_app.view_functions[request.endpoint])


def _fingerprint() -> bytes:
    body = request.get_data(cache=True)
    boundary = request.mimetype_params.get("boundary")
    if boundary:
        # Libraries draw a new one for each attempt at the same form.
        body = body.replace(boundary.encode(), b"")
    parts = (request.method.encode(), request.full_path.encode(), body)
    return sha256(b"".join(b"%d:%s" % (len(part), part) for part in parts)).digest()


def _replay(kept: KeptAnswer) -> Response:
    response = Response(kept.body, kept.status, [(name, value) for name, value in kept.headers])
    response.headers[REPLAYED] = "true"
    return response
