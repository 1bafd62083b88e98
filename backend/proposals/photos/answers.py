"""Owns how the bytes of a photo are answered: as a picture and nothing else, cached with care."""

from flask import request
from werkzeug import Response

from backend.files.images import MEDIA_TYPE, SUFFIX
from backend.files.storage import Storage
from backend.proposals.photos.models import PhotoFile

VERSIONED = "public, max-age=86400, immutable"
"""For an address with a version, whose bytes never change.

A day, not a year: after a redaction the former version is answered with 404, and what a shared
cache still has of it has to end soon.
"""

UNVERSIONED = "public, no-cache"
PRIVATE = "private, no-cache"
"""For the photo of a draft, which only its author may see."""


def answer_photo(
    storage: Storage, file: PhotoFile, *, is_public: bool, is_versioned: bool
) -> Response:
    """Return a photo, or 304 without a look at the storage when the reader has it.

    :param is_public: whether everybody may see it.
    :param is_versioned: whether the address names the version.
    :raises FileMissing: when the storage has lost it.
    """
    if request.if_none_match.contains(file.sha256):
        response = Response(status=304)
    else:
        response = Response(storage.get(file.name), mimetype=MEDIA_TYPE)
        name = f"{file.photo_id}-{file.size}{SUFFIX}"
        response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    response.set_etag(file.sha256)
    if is_public:
        response.headers["Cache-Control"] = VERSIONED if is_versioned else UNVERSIONED
    else:
        response.headers["Cache-Control"] = PRIVATE
        response.vary.add("Authorization")
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    # Other origins' pages may show it: it is public, and no cookie goes with the request.
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
