"""Owns what objections look like: to everybody, and to the two sides."""

from marshmallow import fields, validate

from backend.fields import Instant, Text
from backend.schemas import PageQuerySchema, Schema

STATES = ["pending", "withdrawn", "dismissed", "upheld"]


class ObjectionCreateSchema(Schema):
    """Why somebody objects."""

    reason = Text(required=True, max_length=5000)


class ObjectionDecisionSchema(Schema):
    """What was decided: the reason for the objector, and a summary for everybody."""

    decision = fields.String(required=True, validate=validate.OneOf(("dismissed", "upheld")))
    reason = Text(required=True, max_length=5000)
    public_summary = Text(required=True, max_length=1000)


class DeskQuerySchema(PageQuerySchema):
    """Which of the waiting objections are asked for."""

    overdue = fields.Boolean(load_default=False)


class PublicObjectionSchema(Schema):
    """An objection as everybody sees it: neither who objects nor what was written."""

    id = fields.UUID(required=True)
    round_id = fields.UUID(required=True)
    run_id = fields.UUID(required=True)
    outcome_id = fields.UUID(required=True)
    product_name_ko = fields.String(required=True, attribute="outcome.offer.product.name_ko")
    product_name_en = fields.String(required=True, attribute="outcome.offer.product.name_en")
    standing = fields.String(required=True, metadata={"enum": ["institution", "proposer"]})
    state = fields.String(required=True, metadata={"enum": STATES})
    filed_at = Instant(required=True)
    due_at = Instant(required=True)
    decided_at = Instant(required=True, allow_none=True)
    public_summary = fields.String(required=True, allow_none=True)
    remedy = fields.String(
        required=True, allow_none=True, metadata={"enum": ["superseding_plan", "later_round", None]}
    )
    remedied_by = fields.UUID(
        required=True,
        allow_none=True,
        metadata={"description": "The published plan that made up for it"},
    )


class ObjectionSchema(PublicObjectionSchema):
    """An objection as its two sides see it."""

    objector_id = fields.UUID(required=True)
    institution_id = fields.UUID(required=True, allow_none=True)
    proposal_id = fields.UUID(required=True, allow_none=True)
    reason = fields.String(required=True)
    decision_reason = fields.String(required=True, allow_none=True)
    withdrawn_at = Instant(required=True, allow_none=True)
