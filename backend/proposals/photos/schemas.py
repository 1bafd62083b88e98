"""Owns what photos look like from outside, and what is sent about them."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, post_load, validate, validates_schema
from werkzeug.datastructures import FileStorage

from backend.fields import Instant, Text
from backend.files.redaction import Rectangle
from backend.openapi import URL_PREFIX
from backend.proposals.photos.models import PhotoFile
from backend.proposals.photos.service import MOST_BYTES, MOST_PHOTOS
from backend.schemas import Schema

ALT_LENGTH = 300
CAPTION_LENGTH = 500
REASON_LENGTH = 500
MOST_RECTANGLES = 50

SIZES = ("full", "thumb")


class SentFile(fields.Field[bytes]):
    """A file in a form, by its bytes: neither its name nor its declared type is believed."""

    default_error_messages = {"invalid": "Not a file."}  # noqa: RUF012 (marshmallow's contract)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.metadata = {"type": "string", "format": "binary", **self.metadata}

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> bytes:
        if not isinstance(value, FileStorage):
            raise self.make_error("invalid")
        # A byte more than is taken, so that the service sees that there is more.
        return value.stream.read(MOST_BYTES + 1)


class PhotoTextsSchema(Schema):
    """What an author writes about a photo; plain text."""

    alt = Text(
        max_length=ALT_LENGTH,
        allow_none=True,
        metadata={"description": "What is to be seen, for those who cannot see it"},
    )
    caption = Text(max_length=CAPTION_LENGTH, allow_none=True)


class PhotoFormSchema(PhotoTextsSchema):
    """A photo in a form."""

    id = fields.UUID(metadata={"description": "UUID (version 7) of the client's choice"})
    photo = SentFile(required=True, metadata={"description": "JPEG, PNG, WebP or HEIC"})


class PhotoUpdateSchema(PhotoTextsSchema):
    """What is to change; what is absent stays."""


class PhotoOrderSchema(Schema):
    """All photos of a proposal, the first one first."""

    photo_ids = fields.List(fields.UUID(), required=True, validate=validate.Length(max=MOST_PHOTOS))


class Share(fields.Float):
    """A part of an edge, from 0 to 1; true is refused."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(validate=validate.Range(min=0, max=1), **kwargs)

    def _validated(self, value: Any) -> float:
        if isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        number: float = super()._validated(value)
        return number


class RectangleSchema(Schema):
    """A part of a photo in shares of its width and height, from the top left."""

    x = Share(required=True)
    y = Share(required=True)
    width = Share(required=True, metadata={"example": 0.1})
    height = Share(required=True, metadata={"example": 0.1})

    @validates_schema
    def _inside(self, data: Mapping[str, float], **_: Any) -> None:
        for start, length in (("x", "width"), ("y", "height")):
            if data[length] == 0 or data[start] + data[length] > 1 + 1e-9:
                raise ValidationError("Not a part of the photo.", length)

    @post_load
    def _make(self, data: Mapping[str, float], **_: Any) -> Rectangle:
        return Rectangle(**data)


class RedactionCreateSchema(Schema):
    """What is to be covered for good, and what the author is told."""

    rectangles = fields.List(
        fields.Nested(RectangleSchema),
        required=True,
        validate=validate.Length(min=1, max=MOST_RECTANGLES),
    )
    reason = Text(required=True, max_length=REASON_LENGTH)


class PhotoVersionSchema(Schema):
    """Which version of a photo is asked for."""

    v = fields.Integer(
        validate=validate.Range(min=1, max=10**6),
        metadata={"description": "As the photo's own address has it; without, the present one"},
    )


def address_of(file: PhotoFile) -> str:
    """Return where one size of a photo is to be had; it changes with what is to be seen."""
    return f"{URL_PREFIX}/photos/{file.photo_id}/{file.size}?v={file.version}"


class PhotoFileSchema(Schema):
    """A photo in one size."""

    url = fields.Function(address_of, required=True, metadata={"type": "string"})
    width = fields.Integer(required=True, metadata={"description": "In pixels"})
    height = fields.Integer(required=True, metadata={"description": "In pixels"})
    size_bytes = fields.Integer(required=True)


class PhotoSchema(Schema):
    """A photo as everybody who sees its proposal may see it."""

    id = fields.UUID(required=True)
    alt = fields.String(required=True, allow_none=True)
    caption = fields.String(required=True, allow_none=True)
    full = fields.Nested(PhotoFileSchema, required=True)
    thumb = fields.Nested(
        PhotoFileSchema,
        required=True,
        allow_none=True,
        metadata={"description": "null until it is made, moments after the photo has arrived"},
    )
    redacted_at = Instant(
        required=True,
        allow_none=True,
        metadata={"description": "When the local government covered a part of it last"},
    )


class PhotoListSchema(Schema):
    """The photos of a proposal in their order."""

    items = fields.List(fields.Nested(PhotoSchema), required=True)
