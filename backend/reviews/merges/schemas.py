"""Owns what a merge looks like to the office and to the author of what was merged."""

from marshmallow import fields

from backend.fields import Instant, Text
from backend.schemas import Schema


def _reason(description: str) -> Text:
    return Text(
        required=True,
        min_length=10,
        max_length=2000,
        metadata={"description": description},
    )


class MergeCreateSchema(Schema):
    """Into which proposal another one is merged, and why."""

    into = fields.UUID(
        required=True, metadata={"description": "The proposal received first; it survives"}
    )
    reason = _reason("For the authors, and for who backs the merged one; never empty")


class MergeUndoSchema(Schema):
    """Why a merge is undone."""

    reason = _reason("For the same people who heard of the merge")


class MergeObjectionSchema(Schema):
    """Why the author of a merged proposal objects."""

    reason = _reason("For the office and the author only")


class MergeSchema(Schema):
    """That a proposal is, or was, a part of another one."""

    id = fields.UUID(required=True)
    merged_id = fields.UUID(required=True)
    survivor_id = fields.UUID(required=True)
    reason = fields.String(required=True)
    merged_at = Instant(required=True)
    undo_until = Instant(
        attribute="undo_ends_at",
        required=True,
        metadata={
            "description": "From then on it stands; so it does once the survivor is decided about"
        },
    )
    objected_at = Instant(required=True, allow_none=True)
    undone_at = Instant(required=True, allow_none=True)
    undo_reason = fields.String(required=True, allow_none=True)
