"""Owns how unhurried answers are cached: a strong ETag of the bytes, revalidated."""

import json
from hashlib import sha256
from typing import Any

from flask import request
from werkzeug import Response

GEOJSON = "application/geo+json"

SHORT = "public, max-age=30"
"""For what changes when a plan is published, a proposal submitted or a boundary moved."""

IMMUTABLE = "public, max-age=31536000, immutable"
"""For what a generation of the boundaries fixes for ever."""


def answer_json(
    data: Any, *, media_type: str = "application/json", cache_control: str = SHORT
) -> Response:
    """Return data as JSON, or 304 when the reader has these very bytes (RFC 9110, 13.1.2).

    :param data: what `json` can write.
    """
    body = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
    return answer_bytes(body, media_type, cache_control=cache_control)


def answer_bytes(body: bytes, media_type: str, *, cache_control: str = SHORT) -> Response:
    """Return bytes as they are, or 304 when the reader has these very ones."""
    response = Response(body, mimetype=media_type)
    response.headers["Cache-Control"] = cache_control
    response.set_etag(sha256(body).hexdigest()[:32])
    return response.make_conditional(request)
