"""Owns what generations of the boundaries and their differences look like from outside."""

from marshmallow import fields, validate

from backend.fields import Instant
from backend.regions.schemas import LEVELS, GenerationSchema
from backend.schemas import Schema


class SourceSchema(Schema):
    """Data that a generation was made of, and whom it is owed to."""

    name = fields.String(required=True)
    version = fields.String(metadata={"description": "Version or date of the data"})
    attribution = fields.String(required=True)


class PublicGenerationSchema(GenerationSchema):
    """A generation that is or was in force."""

    state = fields.String(required=True, validate=validate.OneOf(("active", "retired")))
    activated_at = Instant(required=True)
    retired_at = Instant(required=True, allow_none=True)
    sources = fields.List(fields.Nested(SourceSchema), required=True)
    sido = fields.Integer(required=True, metadata={"description": "How many it has"})
    sigungu = fields.Integer(required=True, metadata={"description": "How many it has"})
    emd = fields.Integer(required=True, metadata={"description": "How many it has"})
    local_governments = fields.Integer(required=True, metadata={"description": "How many it has"})


class GenerationListSchema(Schema):
    """Every generation that is or was in force, the oldest first."""

    items = fields.List(fields.Nested(PublicGenerationSchema), required=True)


class DifferenceQuerySchema(Schema):
    """What a generation is compared with."""

    before = fields.Integer(
        required=True,
        data_key="from",
        metadata={"description": "The earlier generation, one that is or was in force"},
    )


class OneSidedSchema(Schema):
    """A region that only one of the generations has."""

    code = fields.String(required=True)
    full_name = fields.String(required=True)
    area_km2 = fields.Float(required=True)


class RenamedSchema(Schema):
    """A region that kept its code and is called otherwise."""

    code = fields.String(required=True)
    before = fields.String(required=True)
    after = fields.String(required=True)


class RecodedSchema(Schema):
    """The same ground under another code."""

    before_code = fields.String(required=True)
    after_code = fields.String(required=True)
    before = fields.String(required=True)
    after = fields.String(required=True)
    moved = fields.Boolean(
        required=True, metadata={"description": "It lies below another parent's code"}
    )
    share = fields.Float(
        required=True, metadata={"description": "Ground in common, of the union: 0 to 1"}
    )


class RegovernedSchema(Schema):
    """A region that kept its code and answers to another local government."""

    code = fields.String(required=True)
    full_name = fields.String(required=True)
    before = fields.String(required=True, metadata={"description": "Code of the government"})
    after = fields.String(required=True, metadata={"description": "Code of the government"})


class ReshapedSchema(Schema):
    """A region that kept its code and covers other ground."""

    code = fields.String(required=True)
    full_name = fields.String(required=True)
    before_km2 = fields.Float(required=True)
    after_km2 = fields.Float(required=True)
    changed_km2 = fields.Float(
        required=True, metadata={"description": "Ground that only one of them covers"}
    )
    share = fields.Float(
        required=True, metadata={"description": "The changed ground, of the union: 0 to 1"}
    )


class LevelDifferenceSchema(Schema):
    """What differs at one level; what was re-coded is neither added nor removed."""

    level = fields.String(required=True, validate=validate.OneOf(LEVELS))
    added = fields.List(fields.Nested(OneSidedSchema), required=True)
    removed = fields.List(fields.Nested(OneSidedSchema), required=True)
    renamed = fields.List(fields.Nested(RenamedSchema), required=True)
    recoded = fields.List(fields.Nested(RecodedSchema), required=True)
    regoverned = fields.List(fields.Nested(RegovernedSchema), required=True)
    reshaped = fields.List(fields.Nested(ReshapedSchema), required=True)


class DifferenceSchema(Schema):
    """All that differs between two generations, given by their ids."""

    before = fields.Integer(required=True)
    after = fields.Integer(required=True)
    levels = fields.List(fields.Nested(LevelDifferenceSchema), required=True)
