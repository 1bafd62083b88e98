"""Owns what follows, endorsements and a caller's own standing look like from outside."""

from marshmallow import fields, validate

from backend.fields import Instant
from backend.proposals.schemas import PublicProposalSchema
from backend.schemas import Schema


class FollowingSchema(Schema):
    """Whether the caller follows a proposal."""

    following = fields.Boolean(required=True)


class StandingSchema(FollowingSchema):
    """Where the caller stands towards a proposal."""

    role = fields.String(
        required=True,
        allow_none=True,
        validate=validate.OneOf(["author", "co_author"]),
        metadata={"description": "null for who does not write it"},
    )
    endorsed = fields.Boolean(required=True)


class FollowedProposalSchema(Schema):
    """A proposal that the caller follows, and since when."""

    followed_at = Instant(attribute="created_at", required=True)
    proposal = fields.Nested(PublicProposalSchema, required=True)


class EndorsedProposalSchema(Schema):
    """A proposal that the caller backs, and since when."""

    endorsed_at = Instant(attribute="created_at", required=True)
    proposal = fields.Nested(PublicProposalSchema, required=True)
