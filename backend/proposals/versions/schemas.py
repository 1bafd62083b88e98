"""Owns what versions and their differences look like from outside: to everybody, the same."""

from marshmallow import fields, validate

from backend.fields import Instant
from backend.proposals.place_schemas import RegionRefSchema
from backend.schemas import Schema

LAST_NUMBER = 10**6
NUMBER = validate.Range(min=1, max=LAST_NUMBER)


class VersionPlaceSchema(Schema):
    """Where a version was about: a rounded point, and the neighbourhood by its name of then."""

    lon = fields.Float(required=True)
    lat = fields.Float(required=True)
    emd = fields.Nested(RegionRefSchema, required=True)


class VersionSummarySchema(Schema):
    """When a version was made, and why."""

    number = fields.Integer(required=True)
    kind = fields.String(
        required=True,
        validate=validate.OneOf(["submitted", "edited", "resubmitted"]),
        metadata={
            "description": "edited: by the author before the review; resubmitted: as it was asked"
        },
    )
    made_at = Instant(required=True)
    title = fields.String(required=True)


class VersionSchema(VersionSummarySchema):
    """What a proposal said in one version."""

    category = fields.String(required=True)
    problem = fields.String(required=True)
    idea = fields.String(required=True, allow_none=True)
    place = fields.Nested(VersionPlaceSchema, required=True)


class VersionDifferenceQuerySchema(Schema):
    """Which two versions are compared."""

    before = fields.Integer(
        data_key="from",
        required=True,
        validate=NUMBER,
        metadata={"description": "Number of a version"},
    )
    after = fields.Integer(
        data_key="to",
        required=True,
        validate=NUMBER,
        metadata={"description": "Number of another"},
    )


class TextRunSchema(Schema):
    """A stretch of text: in both versions, in the first only, or in the second only."""

    kind = fields.String(required=True, validate=validate.OneOf(["equal", "deleted", "inserted"]))
    text = fields.String(required=True)


class TextDifferenceSchema(Schema):
    """How one text changed; all its runs but the inserted ones spell out the first version."""

    field = fields.String(required=True, metadata={"example": "problem"})
    runs = fields.List(fields.Nested(TextRunSchema), required=True)


class VersionDifferenceSchema(Schema):
    """What changed from one version to another, word by word."""

    before = fields.Nested(VersionSummarySchema, data_key="from", required=True)
    after = fields.Nested(VersionSummarySchema, data_key="to", required=True)
    category_changed = fields.Boolean(required=True)
    place_changed = fields.Boolean(required=True)
    texts = fields.List(fields.Nested(TextDifferenceSchema), required=True)
