"""Owns what the list of what is kept looks like from outside."""

from marshmallow import fields

from backend.schemas import Schema


class RetentionRuleSchema(Schema):
    """One kind of thing that is kept of people."""

    key = fields.String(required=True, metadata={"example": "location_use"})
    what_ko = fields.String(required=True)
    what_en = fields.String(required=True)
    period_ko = fields.String(required=True)
    period_en = fields.String(required=True)
    seconds = fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "The period, where it is a fixed time"},
    )
    reason_ko = fields.String(required=True)
    reason_en = fields.String(required=True)
    cleared_by = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "The periodic job that deletes it; null where an act does"},
    )


class RetentionSchema(Schema):
    """All that is kept of people."""

    items = fields.List(fields.Nested(RetentionRuleSchema), required=True)
