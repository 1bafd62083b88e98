"""Owns what transfers between budget areas look like from outside."""

from marshmallow import fields

from backend.fields import Instant, Krw
from backend.rounds.notice_schemas import ReasonSchema
from backend.schemas import Schema


class TransferSchema(Schema):
    """Money that went from one area of a round to another, and why."""

    id = fields.UUID(required=True)
    from_area_id = fields.UUID(required=True)
    from_area_key = fields.String(required=True, attribute="from_area.key")
    to_area_id = fields.UUID(required=True)
    to_area_key = fields.String(required=True, attribute="to_area.key")
    amount_krw = fields.Integer(required=True)
    vat_included = fields.Boolean(required=True)
    budget_year = fields.Integer(required=True)
    reason = fields.String(required=True)
    transferred_at = Instant(required=True)


class TransferCreateSchema(ReasonSchema):
    """Money to be moved."""

    from_area_id = fields.UUID(required=True)
    to_area_id = fields.UUID(required=True)
    amount_krw = Krw(required=True, minimum=1)
