"""Owns what notices look like from outside."""

from marshmallow import fields

from backend.fields import Instant
from backend.notifications.models import Notice
from backend.notifications.texts import render
from backend.schemas import PageQuerySchema, Schema
from backend.translations import language


class NoticeQuerySchema(PageQuerySchema):
    """Which notices are asked for."""

    unread = fields.Boolean(load_default=False)


class ReadUpToSchema(Schema):
    """The newest notice that one has seen."""

    up_to = fields.UUID(required=True, metadata={"description": "Its id"})


class UnreadCountSchema(Schema):
    """How many notices one has not read, as a badge shows it."""

    count = fields.Integer(required=True)
    more = fields.Boolean(required=True, metadata={"description": "There are more than counted"})


class NoticeSchema(Schema):
    """A notice in the reader's language."""

    id = fields.UUID(required=True)
    kind = fields.String(required=True)
    subject_type = fields.String(required=True)
    subject_id = fields.UUID(required=True)
    text = fields.Method("_text", required=True, metadata={"type": "string"})
    created_at = Instant(required=True)
    read_at = Instant(required=True, allow_none=True)

    def _text(self, notice: Notice) -> str:
        return render(notice.kind, notice.params, language())
