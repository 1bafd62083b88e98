"""Owns what reviews, decisions and rankings look like from outside."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from backend.fields import Instant, RegionCode, Text
from backend.proposals.place_schemas import (
    BorderCheckSchema,
    ExactPointSchema,
    ResidenceSnapshotSchema,
)
from backend.proposals.schemas import CATEGORY, LOCAL_GOVERNMENT_CODE, NamelessProposalSchema
from backend.reviews.states import STATE_AFTER
from backend.schemas import PageQuerySchema, Schema

MAX_RANKED = 1000


class QueueQuerySchema(PageQuerySchema):
    """Which reviews are asked for."""

    status = fields.String(load_default="open", validate=validate.OneOf(["open", "decided"]))
    category = fields.String(validate=CATEGORY)
    region_code = RegionCode(metadata={"description": "A region with everything in it"})


class DecisionCreateSchema(Schema):
    """A decision with its reason."""

    outcome = fields.String(required=True, validate=validate.OneOf(list(STATE_AFTER)))
    reason = Text(
        required=True,
        min_length=10,
        max_length=2000,
        metadata={"description": "For the author and the public; never empty"},
    )
    transfer_to = fields.String(
        load_default=None,
        allow_none=True,
        validate=LOCAL_GOVERNMENT_CODE,
        metadata={"description": "Local government that takes over; with `transferred` only"},
    )

    @validates_schema
    def _target_of_transfer(self, data: Mapping[str, Any], **_: Any) -> None:
        if (data["outcome"] == "transferred") != (data["transfer_to"] is not None):
            raise ValidationError(
                "Give transfer_to with the outcome transferred, and only then.", "transfer_to"
            )


class DecisionSchema(Schema):
    """What was decided, and why."""

    id = fields.UUID(required=True)
    outcome = fields.String(required=True)
    reason = fields.String(required=True)
    transfer_to = fields.String(required=True, allow_none=True)
    decided_at = Instant(required=True)


class ReviewerFactsSchema(Schema):
    """What the competent reviewer sees beyond the public: never who wrote it."""

    point = fields.Nested(ExactPointSchema, attribute="exact_point", required=True, allow_none=True)
    border = fields.Nested(BorderCheckSchema, attribute="border_check", required=True)
    residence = fields.Nested(ResidenceSnapshotSchema, required=True, allow_none=True)
    neighbourhood_public = fields.Boolean(required=True)


class ReviewSchema(Schema):
    """A proposal's stay at a local government; `private` is null once it has left."""

    id = fields.UUID(attribute="review.id", required=True)
    state = fields.String(attribute="review.state", required=True)
    received_at = Instant(attribute="review.received_at", required=True)
    paused_at = Instant(attribute="review.paused_at", required=True, allow_none=True)
    closed_at = Instant(attribute="review.closed_at", required=True, allow_none=True)
    proposal = fields.Nested(NamelessProposalSchema, required=True)
    private = fields.Nested(ReviewerFactsSchema, required=True, allow_none=True)
    decisions = fields.List(fields.Nested(DecisionSchema), required=True)


class ProposalRankingCreateSchema(Schema):
    """Adopted proposals, the most urgent first."""

    ranking = fields.List(fields.UUID(), required=True, validate=validate.Length(max=MAX_RANKED))


class CategoryRankingCreateSchema(Schema):
    """Categories, the most urgent first."""

    ranking = fields.List(
        fields.String(validate=CATEGORY), required=True, validate=validate.Length(max=MAX_RANKED)
    )


class ProposalPlaceSchema(Schema):
    """A proposal's place in a ranking."""

    rank = fields.Integer(required=True)
    proposal_id = fields.UUID(required=True)
    title = fields.String(required=True)
    category = fields.String(required=True)


class CategoryPlaceSchema(Schema):
    """A category's place in a ranking."""

    rank = fields.Integer(required=True)
    category = fields.String(required=True)


class ProposalRankingSchema(Schema):
    """A local government's order of its adopted proposals for a programme year."""

    local_government_code = fields.String(required=True)
    programme_year = fields.Integer(required=True)
    ranked_at = Instant(required=True, allow_none=True)
    items = fields.List(fields.Nested(ProposalPlaceSchema), required=True)


class CategoryRankingSchema(Schema):
    """A local government's order of categories for a programme year."""

    local_government_code = fields.String(required=True)
    programme_year = fields.Integer(required=True)
    ranked_at = Instant(required=True, allow_none=True)
    items = fields.List(fields.Nested(CategoryPlaceSchema), required=True)
