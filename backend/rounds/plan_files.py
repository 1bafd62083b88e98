"""Owns how the published files of a plan are answered: as the bytes they are."""

from hashlib import sha256

from flask import request
from werkzeug.wrappers import Response

FILE = {"type": "object", "description": "The file's bytes as they were computed and verified"}


def file_of(text: str) -> Response:
    """Answer with a stored file; it carries the hash of its bytes as its ETag."""
    body = text.encode()
    response = Response(body, mimetype="application/json")
    response.set_etag(sha256(body).hexdigest())
    return response.make_conditional(request)
