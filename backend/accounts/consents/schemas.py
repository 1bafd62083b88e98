"""Owns what documents and consents look like from outside."""

from marshmallow import fields

from backend.fields import Flag, Instant, Text
from backend.schemas import Schema


class ConsentDocumentSchema(Schema):
    """One version of a document, in both languages."""

    key = fields.String(required=True)
    version = fields.String(required=True)
    audience = fields.String(
        required=True, metadata={"enum": ["person", "guardian"], "description": "Who agrees"}
    )
    required = fields.Boolean(
        required=True,
        attribute="is_required",
        metadata={"description": "Nothing can be handed in without it"},
    )
    valid_from = Instant(required=True)
    title_ko = fields.String(required=True)
    title_en = fields.String(required=True)
    text_ko = fields.String(required=True)
    text_en = fields.String(required=True)


class ConsentDocumentListSchema(Schema):
    """The version of each document that is in force."""

    items = fields.List(fields.Nested(ConsentDocumentSchema), required=True)


class ConsentDecisionSchema(Schema):
    """What a person says to a version of a document."""

    version = Text(required=True, max_length=40)
    agreed = Flag(required=True)


class AgreementSchema(Schema):
    """A document that somebody who registers has read and said something to."""

    document = Text(required=True, max_length=40)
    version = Text(required=True, max_length=40)
    agreed = Flag(required=True)


class ConsentSchema(Schema):
    """What one said to a version of a document, and when."""

    document = fields.String(required=True)
    version = fields.String(required=True)
    agreed = fields.Boolean(required=True)
    decided_at = Instant(required=True)
