"""Owns what an institution's applications look like from outside."""

from typing import Any

from marshmallow import fields, post_load, validate

from backend.fields import Flag, Instant, Text
from backend.organizations.models import Position
from backend.rounds.applications import Wish
from backend.rounds.schemas import MOST
from backend.schemas import LocationSchema, PageQuerySchema, Schema


class ApplicationSchema(Schema):
    """What an institution asks for, where it would stand, and who asked for it."""

    id = fields.UUID(required=True)
    offer_id = fields.UUID(required=True)
    institution_id = fields.UUID(required=True)
    position = fields.Integer(required=True)
    reason = fields.String(required=True)
    pledges_purchase = fields.Boolean(required=True)
    pledge_text = fields.String(required=True, allow_none=True)
    site = fields.Nested(LocationSchema, required=True)
    site_emd_code = fields.String(required=True, allow_none=True)
    applied_by = fields.UUID(required=True, allow_none=True)
    applied_at = Instant(required=True)
    changed_by = fields.UUID(required=True, allow_none=True)
    changed_at = Instant(required=True)


class WishSchema(Schema):
    """One offer that an institution asks for; without a site its own counts."""

    offer_id = fields.UUID(required=True)
    reason = Text(required=True, max_length=2000)
    site = fields.Nested(LocationSchema, allow_none=True, load_default=None)
    pledges_purchase = Flag(load_default=False)
    pledge_text = Text(allow_none=True, max_length=2000, load_default=None)

    @post_load
    def _build(self, data: dict[str, Any], **_: Any) -> Wish:
        site = data.pop("site")
        return Wish(**data, site=Position(**site) if site else None)


class ApplicationUpdateSchema(Schema):
    """What changes of one application; what is left out stays, a site of null is one's own."""

    reason = Text(max_length=2000)
    site = fields.Nested(LocationSchema, allow_none=True)
    pledges_purchase = Flag()
    pledge_text = Text(allow_none=True, max_length=2000)

    @post_load
    def _build(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        if data.get("site") is not None:
            data["site"] = Position(**data["site"])
        return data


class RankingSchema(Schema):
    """All that an institution asks for, its first choice first."""

    applications = fields.List(
        fields.Nested(WishSchema), required=True, validate=validate.Length(max=MOST)
    )


class RankedApplicationsSchema(Schema):
    """The applications of an institution that stand, its first choice first."""

    applications = fields.List(fields.Nested(ApplicationSchema), required=True)


class ApplicationQuerySchema(PageQuerySchema):
    """Which applications are asked for."""

    institution_id = fields.UUID(load_default=None)
    offer_id = fields.UUID(load_default=None)
