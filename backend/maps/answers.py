"""Owns how map answers are cached: a strong ETag of the bytes, revalidated, per language."""

import json
from hashlib import sha256
from typing import Any

from flask import request
from werkzeug import Response

from backend.schemas import Schema
from backend.translations import language

GEOJSON = "application/geo+json"

SHORT = "public, max-age=30"
"""For what changes when a plan is published or a proposal submitted."""


def answer(schema: Schema, data: Any, media_type: str = "application/json") -> Response:
    """Return data in the reader's language, or 304 when the reader has these very bytes."""
    body = json.dumps(schema.dump(data), ensure_ascii=False, separators=(",", ":")).encode()
    response = answer_bytes(body, media_type)
    response.headers["Content-Language"] = language()
    response.vary.add("Accept-Language")
    return response


def answer_bytes(body: bytes, media_type: str) -> Response:
    """Return bytes that are the same in every language, or 304 when the reader has them."""
    response = Response(body, mimetype=media_type)
    response.headers["Cache-Control"] = SHORT
    response.set_etag(sha256(body).hexdigest()[:32])
    return response.make_conditional(request)
