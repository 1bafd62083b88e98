"""Owns how a search for similar proposals is asked and answered."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from backend.fields import RegionCode, Text
from backend.proposals.place_schemas import PointSchema
from backend.proposals.schemas import CATEGORY, TEXT_LENGTH, TITLE_LENGTH, PublicProposalSchema
from backend.schemas import Schema


class SimilarQuerySchema(Schema):
    """What somebody is about to propose; nothing of it is kept."""

    title = Text(required=True, max_length=TITLE_LENGTH)
    problem = Text(max_length=TEXT_LENGTH, allow_none=True)
    idea = Text(max_length=TEXT_LENGTH, allow_none=True)
    category = fields.String(validate=CATEGORY, metadata={"example": "safety"})
    location = fields.Nested(PointSchema, metadata={"description": "In place of region_code"})
    region_code = RegionCode(metadata={"description": "An emd, in place of location"})

    @validates_schema
    def _one_place(self, data: Mapping[str, Any], **_: Any) -> None:
        if "location" in data and "region_code" in data:
            raise ValidationError("Give location or region_code, not both.", "region_code")


class SentenceSchema(Schema):
    """A sentence in both languages."""

    ko = fields.String(required=True)
    en = fields.String(required=True)


class SignalSchema(Schema):
    """One comparison: what it found, and its share of the score."""

    name = fields.String(required=True)
    value = fields.Float(required=True, metadata={"description": "0: nothing alike, 1: all"})
    weight = fields.Float(required=True, metadata={"description": "All of them make one"})
    text = fields.Nested(SentenceSchema, required=True)


class SimilarProposalSchema(Schema):
    """A public proposal that may say the same, and by what it is alike."""

    proposal = fields.Nested(PublicProposalSchema, required=True)
    score = fields.Float(required=True, metadata={"description": "Sum of weight times value"})
    is_decided = fields.Boolean(
        required=True, metadata={"description": "Whether it was adopted or rejected already"}
    )
    text = fields.Nested(SentenceSchema, required=True)
    signals = fields.List(fields.Nested(SignalSchema), required=True)


class SimilarListSchema(Schema):
    """Proposals that may say the same, the likeliest first, at most ten."""

    items = fields.List(fields.Nested(SimilarProposalSchema), required=True)
    threshold = fields.Float(
        required=True, metadata={"description": "Score from which a proposal is listed"}
    )
