"""Owns how map answers are made: cached as `backend.answers` does, and per language."""

from typing import Any

from werkzeug import Response

from backend.answers import GEOJSON, answer_json
from backend.schemas import Schema
from backend.translations import language

__all__ = ["GEOJSON", "answer"]


def answer(schema: Schema, data: Any, media_type: str = "application/json") -> Response:
    """Return data in the reader's language, or 304 when the reader has these very bytes."""
    response = answer_json(schema.dump(data), media_type=media_type)
    response.headers["Content-Language"] = language()
    response.vary.add("Accept-Language")
    return response
