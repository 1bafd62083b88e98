"""Owns what exports look like from outside."""

from marshmallow import fields, validate

from backend.fields import Instant
from backend.schemas import Schema

STATES = ("preparing", "ready")


class ExportSchema(Schema):
    """A copy of everything that is stored about oneself."""

    id = fields.UUID(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    requested_at = Instant(required=True)
    ready_at = Instant(required=True, allow_none=True)
    expires_at = Instant(
        required=True, allow_none=True, metadata={"description": "When the archive is deleted"}
    )
    file_bytes = fields.Integer(required=True, allow_none=True)
    file_sha256 = fields.String(required=True, allow_none=True)
    downloaded_at = Instant(required=True, allow_none=True)


class ExportLinkSchema(Schema):
    """Where an archive can be downloaded, once; the token is shown this one time."""

    token = fields.String(
        required=True, metadata={"description": "For GET /export-downloads/{token}"}
    )
    expires_at = Instant(required=True)
