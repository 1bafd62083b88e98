"""Owns the headers that tell browsers what a page of ours may do, which is little."""

from flask import Flask, Response

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


def init_app(app: Flask) -> None:
    """Guard every answer against being taken for something else."""
    app.after_request(_guard_answer)


def guard_page(response: Response) -> Response:
    """Let a page load what is ours and nothing else."""
    response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    return response


def _guard_answer(response: Response) -> Response:
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "strict-origin-when-cross-origin")
    return response
