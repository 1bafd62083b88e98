"""Owns what looks at personal facts look like from outside."""

from marshmallow import fields

from backend.fields import Instant
from backend.schemas import Schema


class LookSchema(Schema):
    """One look of an office at what one told in confidence."""

    seen_at = Instant(required=True)
    office_ko = fields.String(required=True, metadata={"example": "서울특별시 중구"})
    office_en = fields.String(required=True, allow_none=True)
    task_ko = fields.String(required=True, metadata={"example": "제안 심사"})
    task_en = fields.String(required=True)
    proposal_ids = fields.List(
        fields.UUID(),
        required=True,
        metadata={"description": "One's proposals whose exact point and residence were seen"},
    )
