"""Owns what uploads look like from outside, and what is sent about them."""

from marshmallow import fields, validate

from backend.fields import Count, Instant
from backend.files.images import MEDIA_TYPES
from backend.proposals.photos.schemas import PhotoTextsSchema
from backend.proposals.photos.service import MOST_BYTES
from backend.schemas import Schema


class UploadCreateSchema(PhotoTextsSchema):
    """A photo that will arrive in chunks."""

    id = fields.UUID(
        metadata={"description": "UUID (version 7) of the client's choice; the photo's id too"}
    )
    proposal_id = fields.UUID(required=True)
    size_bytes = Count(required=True, minimum=1, maximum=MOST_BYTES)
    sha256 = fields.String(
        validate=validate.Regexp(r"[0-9a-f]{64}\Z", error="Not a SHA-256 in hexadecimal digits."),
        metadata={"description": "Of the whole file: 64 lower-case hexadecimal digits"},
    )
    content_type = fields.String(
        required=True,
        validate=validate.OneOf(MEDIA_TYPES),
        metadata={"description": "For refusing early; what the file is, its bytes decide"},
    )


class ChunkHeadersSchema(Schema):
    """Where a chunk begins."""

    offset = fields.Integer(
        required=True,
        data_key="Upload-Offset",
        validate=validate.Range(min=0, max=MOST_BYTES),
        metadata={"description": "Bytes that have arrived before these"},
    )


class UploadSchema(Schema):
    """How far a photo has arrived."""

    id = fields.UUID(required=True, metadata={"description": "The photo will have it too"})
    proposal_id = fields.UUID(required=True)
    size_bytes = fields.Integer(required=True)
    offset = fields.Integer(
        required=True,
        attribute="received_bytes",
        metadata={"description": "Bytes that have arrived: the next chunk begins here"},
    )
    expires_at = Instant(required=True)
    completed_at = Instant(required=True, allow_none=True)
