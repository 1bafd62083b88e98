"""Owns what comments look like from outside: to everybody, to who wrote one, to the office."""

from marshmallow import fields, validate

from backend.fields import Instant, Text
from backend.proposals.comments.reasons import REASONS
from backend.proposals.schemas import PersonNameSchema
from backend.schemas import PageQuerySchema, Schema

COMMENT_LENGTH = 1000
"""Most characters of a comment, and of a note to the office."""

REASON = validate.OneOf(list(REASONS))


class CommentCreateSchema(Schema):
    """Something to say; it is kept as text and answered as text, whatever it looks like."""

    id = fields.UUID(metadata={"description": "UUID (version 7) of the client's choice"})
    text = Text(required=True, max_length=COMMENT_LENGTH)
    parent_id = fields.UUID(metadata={"description": "The comment that this one answers"})


class CommentUpdateSchema(Schema):
    """The words in place of those before."""

    text = Text(required=True, max_length=COMMENT_LENGTH)


class CommentSchema(Schema):
    """A comment as everybody may see it; of what was deleted or hidden, that it was there."""

    id = fields.UUID(required=True)
    proposal_id = fields.UUID(required=True)
    parent_id = fields.UUID(required=True, allow_none=True)
    state = fields.String(required=True, validate=validate.OneOf(["shown", "hidden", "deleted"]))
    text = fields.String(attribute="shown_text", required=True, allow_none=True)
    author = fields.Nested(
        PersonNameSchema,
        required=True,
        allow_none=True,
        metadata={
            "description": "null where it was deleted, or written by an anonymous proposal's author"
        },
    )
    by_proposer = fields.Boolean(
        required=True, metadata={"description": "Whether an author of the proposal wrote it"}
    )
    hidden_reason = fields.String(required=True, allow_none=True, validate=REASON)
    reply_count = fields.Integer(required=True)
    created_at = Instant(required=True)
    edited_at = Instant(required=True, allow_none=True)


class OwnCommentSchema(CommentSchema):
    """A comment as who wrote it sees it: with its words, hidden or not."""

    text = fields.String(required=True, allow_none=True)


class HidingSchema(Schema):
    """Why a comment is hidden."""

    reason = fields.String(required=True, validate=REASON)


class CommentReportCreateSchema(Schema):
    """Why a comment should not be there."""

    reason = fields.String(required=True, validate=REASON)
    note = Text(
        max_length=COMMENT_LENGTH, metadata={"description": "For the office; nobody else sees it"}
    )


class CommentReportSchema(Schema):
    """What the caller reported, and what came of it."""

    id = fields.UUID(required=True)
    comment_id = fields.UUID(required=True)
    reason = fields.String(required=True)
    created_at = Instant(required=True)
    resolved_at = Instant(required=True, allow_none=True)
    resolution = fields.String(
        required=True, allow_none=True, validate=validate.OneOf(["hidden", "kept"])
    )


class ModeratedCommentSchema(CommentSchema):
    """A comment as the competent office sees it: with its words, hidden or not."""

    text = fields.String(required=True, allow_none=True)


class CommentReportForOfficeSchema(CommentReportSchema):
    """A report as the office sees it: never who made it."""

    note = fields.String(required=True, allow_none=True)
    proposal_title = fields.String(attribute="comment.proposal.title", required=True)
    comment = fields.Nested(ModeratedCommentSchema, required=True)


class CommentReportQuerySchema(PageQuerySchema):
    """Which reports are asked for."""

    status = fields.String(load_default="open", validate=validate.OneOf(["open", "resolved"]))
