"""Owns who may keep an answer of which its view said nothing: nobody unasked, and what is one's
own, nobody between.
"""

from flask import Flask, Response, current_app, request

from backend.auth.guards import policy_of
from backend.idempotency import is_kept

READS = ("GET", "HEAD")


def init_app(app: Flask) -> None:
    """Say with every answer of an application who may keep it."""
    app.after_request(say_who_keeps)


def say_who_keeps(response: Response) -> Response:
    """Have an answer asked after each time, and kept by its reader only where it is theirs.

    An answer to a write that tells a secret is kept by nobody (RFC 6749, 5.1).
    """
    if "Cache-Control" in response.headers or request.endpoint is None:
        return response
    view = current_app.view_functions[request.endpoint]
    if request.method not in READS:
        if not is_kept(view):
            response.headers["Cache-Control"] = "no-store"
        return response
    is_own = "Authorization" in request.headers or policy_of(view) != "public"
    response.headers["Cache-Control"] = "private, no-cache" if is_own else "no-cache"
    if policy_of(view) != "public":
        response.vary.add("Authorization")
    return response
