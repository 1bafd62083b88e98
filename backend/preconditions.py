"""Owns ETag and If-Match of JSON resources: what was read is changed only while it is the same.

A tag is the hash of an answer's bytes, so that it is strong (RFC 9110, 8.8.1), needs no column of
any table and is the same whether a resource was read or has just been written.
"""

from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Any, TypeVar

from flask import Flask, Response, current_app, jsonify, request
from sqlalchemy import text
from werkzeug.exceptions import HTTPException, UnprocessableEntity

from backend.auth.guards import check_access
from backend.db import one_unit_of_work
from backend.errors import DomainError, Stale, StateNotNamed
from backend.idempotency import is_kept

View = TypeVar("View", bound=Callable[..., Any])

PREFIX = "/api/"
OWN = "/me"
"""Where one's own view of something public lies: `/me/proposals/{id}` of `/proposals/{id}`."""


def init_app(app: Flask) -> None:
    """Tag every answer that is read or written, and answer 304 to who has it."""
    app.after_request(tag_answer)


def needs_match(view: View) -> View:
    """Mark a write that is refused without If-Match (RFC 6585, 3)."""
    view._needs_match = True  # type: ignore[attr-defined]
    return view


def is_match_needed(view: Callable[..., Any]) -> bool:
    """Tell whether a write is refused without If-Match."""
    return getattr(view, "_needs_match", False)


def tag_answer(response: Response) -> Response:
    """Give a JSON answer its tag, unless its view said how it is cached.

    It is revalidated each time, and belongs to the caller where one is signed in.
    """
    if not _is_tagged(response):
        return response
    response.set_etag(_tag_of(response))
    signed_in = "Authorization" in request.headers
    response.headers["Cache-Control"] = "private, no-cache" if signed_in else "no-cache"
    response.vary.update(("Accept-Language", "Authorization"))
    response.make_conditional(request)
    return response


def answer_if_matching(work: Callable[[], Any]) -> Any:
    """Return what a write answers, provided that its If-Match names the present state.

    Matched is the answer that a GET of the same address gives to the caller, or where it has
    none, of what it is a part of: `/proposals/{id}` for `/proposals/{id}/submission`. Writers with
    the header take turns from the comparison to the commit.

    :param work: runs the view of the request.
    :raises Stale: when the state is another, or cannot be read at all (RFC 9110, 13.1.1).
    :raises StateNotNamed: when the header is missing where it is needed.
    """
    if request.endpoint is None or request.method in ("GET", "HEAD", "OPTIONS"):
        return work()
    if "If-Match" not in request.headers:
        if not is_match_needed(current_app.view_functions[request.endpoint]):
            return work()
        with one_unit_of_work():
            # What is wrong for another reason is told first; what is not is taken back.
            work()
            raise StateNotNamed
    if not request.path.startswith(PREFIX):
        return work()
    # Who may not write at all does not learn what there is (RFC 9110, 13.2.1).
    check_access(current_app.view_functions[request.endpoint], request.view_args or {})
    with one_unit_of_work() as session:
        for path in _addresses():
            session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _lock_of(path)})
            current = _read(path)
            if current is None:
                continue
            if not any(_names(answer) for answer in (current, _read_own(path))):
                break
            # What the comparison read may change until the view locks it.
            session.expire_all()
            return work()
    raise Stale


def tag_of_content(content: Any) -> str:
    """Return the tag that an address has which answers this content, with its quotes."""
    return f'"{_tag_of(jsonify(content))}"'


def _is_tagged(response: Response) -> bool:
    return (
        response.status_code in (200, 201)
        and response.mimetype == "application/json"
        and "ETag" not in response.headers
        and "Cache-Control" not in response.headers
        and request.endpoint is not None
        and request.path.startswith(PREFIX)
        and is_kept(current_app.view_functions[request.endpoint])
    )


def _tag_of(response: Response) -> str:
    return response.get_etag()[0] or sha256(response.get_data()).hexdigest()[:32]


def _names(answer: Response | None) -> bool:
    """Tell whether the header names an answer.

    A proxy that compresses turns our strong tags into weak ones, which come back as such.
    """
    return answer is not None and request.if_match.contains_weak(_tag_of(answer))


def _addresses() -> Iterator[str]:
    path = request.path
    yield path
    while path.count("/") > 4:
        path = path.rpartition("/")[0]
        yield path


def _read(path: str) -> Response | None:
    """Return what GET answers at an address; None where there is no single thing to read."""
    adapter = current_app.create_url_adapter(request)
    if adapter is None:
        return None
    try:
        endpoint, arguments = adapter.match(path, method="GET")
    except HTTPException:
        return None
    view: Callable[..., Any] = current_app.view_functions[endpoint]
    try:
        response = current_app.make_response(view(**arguments))
    except UnprocessableEntity:
        # It is read by a question (`GET /regions/locate`), and nobody asks one here.
        return None
    listed = response.is_json and "next_cursor" in response.get_json()
    return response if response.status_code == 200 and not listed else None


def _read_own(path: str) -> Response | None:
    """Return one's own view of what lies at an address, where there is one."""
    prefix, version, rest = path[: len(PREFIX)], *path[len(PREFIX) :].split("/", 1)
    try:
        return _read(f"{prefix}{version}{OWN}/{rest}")
    except DomainError:
        return None


def _lock_of(path: str) -> int:
    return int.from_bytes(sha256(b"if-match" + path.encode()).digest()[:8], signed=True)
