"""Owns what the places of proposals look like from outside, and where their authors live."""

from marshmallow import fields, validate

from backend.fields import RegionCode
from backend.schemas import LocationSchema, Schema


class PointSchema(LocationSchema):
    """A point as a phone gives it."""

    accuracy_m = fields.Float(
        load_default=None,
        allow_none=True,
        validate=validate.Range(min=0, max=100_000),
        metadata={"description": "Radius of uncertainty in metres"},
    )
    confirmed_region_code = RegionCode(
        load_default=None,
        allow_none=True,
        metadata={
            "description": "The emd that the author says it is, where the point is near a border"
        },
    )


class RegionRefSchema(Schema):
    """A region by code and name."""

    code = fields.String(required=True)
    name = fields.String(required=True)
    full_name = fields.String(required=True)


class LocalGovernmentRefSchema(Schema):
    """A local government by code and name."""

    code = fields.String(required=True)
    name = fields.String(required=True)
    full_name = fields.String(required=True)


class PublicPlaceSchema(Schema):
    """Where a proposal is about: a rounded point, and the neighbourhood it lies in."""

    lon = fields.Float(required=True)
    lat = fields.Float(required=True)
    emd = fields.Nested(RegionRefSchema, required=True)
    sigungu = fields.Nested(RegionRefSchema, required=True)
    local_government = fields.Nested(LocalGovernmentRefSchema, required=True)


class ExactPointSchema(Schema):
    """A point as it was given."""

    lon = fields.Float(required=True)
    lat = fields.Float(required=True)
    accuracy_m = fields.Float(required=True, allow_none=True)


class NearNeighbourhoodSchema(Schema):
    """A neighbourhood so near a point that the point may lie there."""

    code = fields.String(required=True)
    full_name = fields.String(required=True)
    local_government_code = fields.String(required=True)
    distance_m = fields.Float(
        required=True, metadata={"description": "0 for the one that the point itself lies in"}
    )


class BorderCheckSchema(Schema):
    """Whether the author should confirm the neighbourhood of a point, and which it might be."""

    confirmation_needed = fields.Boolean(required=True)
    candidates = fields.List(
        fields.Nested(NearNeighbourhoodSchema),
        required=True,
        metadata={"description": "As they were called when the point was given"},
    )


class ResidenceSnapshotSchema(Schema):
    """Where the first author lived, by declaration, at the first submission.

    That of a co-author never counts.
    """

    region = fields.Nested(RegionRefSchema, required=True)
    confirmed = fields.Boolean(required=True)
    moved_recently = fields.Boolean(
        required=True,
        metadata={"description": "Declared within 30 days before the submission"},
    )
