"""Owns what co-authors and their invitations look like from outside."""

from marshmallow import fields

from backend.fields import Instant, Text
from backend.schemas import Schema


class CoAuthorSchema(Schema):
    """Somebody who writes a proposal together with its first author, as the authors see them.

    The residence that decides whom a product serves first is that of the first author.
    """

    id = fields.UUID(required=True, metadata={"description": "Of the co-authorship, not a person"})
    display_name = fields.String(attribute="account.display_name", required=True)
    joined_at = Instant(required=True)


class CoAuthorListSchema(Schema):
    """All co-authors of a proposal, in the order in which they joined."""

    items = fields.List(fields.Nested(CoAuthorSchema), required=True)


class CoAuthorInvitationSchema(Schema):
    """An invitation that can still be accepted."""

    id = fields.UUID(required=True)
    invited_at = Instant(required=True)
    expires_at = Instant(required=True)


class CoAuthorInvitationListSchema(Schema):
    """The open invitations to a proposal, the oldest first."""

    items = fields.List(fields.Nested(CoAuthorInvitationSchema), required=True)


class CoAuthorOfferSchema(Schema):
    """An invitation just made; its token is shown this one time, and works once."""

    id = fields.UUID(attribute="invitation.id", required=True)
    token = fields.String(required=True)
    expires_at = Instant(attribute="invitation.expires_at", required=True)


class CoAuthorAcceptanceSchema(Schema):
    """The token that somebody handed over."""

    token = Text(required=True, max_length=100)


class CoAuthorshipSchema(Schema):
    """What somebody has just become a co-author of."""

    id = fields.UUID(attribute="co_author.id", required=True)
    proposal_id = fields.UUID(attribute="proposal.id", required=True)
    title = fields.String(attribute="proposal.title", required=True)
    anonymous = fields.Boolean(
        attribute="proposal.anonymous",
        required=True,
        metadata={"description": "Whether the public is shown no names"},
    )
    joined_at = Instant(attribute="co_author.joined_at", required=True)
