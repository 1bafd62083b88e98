"""Owns the headers that tell browsers what a page of ours may do, which is little."""

from flask import Blueprint, Flask, Response

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "font-src 'self'",
        # The map library's controls and the images that it paints.
        "img-src 'self' data: blob:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)


def init_app(app: Flask, pages: Blueprint) -> None:
    """Guard the pages of a blueprint, and every answer against being taken for something else.

    :param pages: before it is registered.
    """
    pages.after_request(_guard_page)
    app.after_request(_guard_answer)


def _guard_page(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    return response


def _guard_answer(response: Response) -> Response:
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "strict-origin-when-cross-origin")
    return response
