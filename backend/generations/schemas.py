"""Owns what changes of the boundaries look like from outside."""

from marshmallow import fields, validate

from backend.fields import Instant, RegionCode
from backend.schemas import PageQuerySchema, Schema


class BoundaryChangeSchema(Schema):
    """One change of the generation in force, and what it did."""

    id = fields.UUID(required=True)
    old_generation_id = fields.Integer(required=True)
    new_generation_id = fields.Integer(required=True)
    undoes_id = fields.UUID(required=True, allow_none=True)
    happened_at = Instant(required=True)
    rolled_back_at = Instant(required=True, allow_none=True)
    report = fields.Dict(
        required=True,
        metadata={
            "description": "What became of regions and governments, and of records by domain"
            " and type: kept, renamed, split, merged, orphaned, restored"
        },
    )


class CaseQuerySchema(PageQuerySchema):
    """Which cases are asked for."""

    is_open = fields.Boolean(
        load_default=True, data_key="open", metadata={"description": "Only what nobody decided yet"}
    )


class BoundaryCaseSchema(Schema):
    """A record about which a person has to decide."""

    id = fields.UUID(required=True)
    subject_type = fields.String(required=True)
    subject_id = fields.UUID(required=True)
    codes = fields.List(fields.String(), required=True)
    candidates = fields.List(fields.String(), required=True)
    reason = fields.String(
        required=True,
        validate=validate.OneOf(("no_successor", "several_successors", "jurisdiction_divided")),
    )
    opened_at = Instant(required=True)
    closed_at = Instant(required=True, allow_none=True)
    outcome = fields.String(
        required=True, allow_none=True, validate=validate.OneOf(("decided", "rolled_back"))
    )
    decided_codes = fields.List(fields.String(), required=True, allow_none=True)


class CaseDecisionSchema(Schema):
    """Where the record belongs."""

    region_codes = fields.List(
        RegionCode(),
        required=True,
        validate=validate.Length(min=1, max=100),
        metadata={"description": "One code, or all parts of a jurisdiction"},
    )
