"""Owns what areas that people follow look like from outside; nobody sees another's."""

from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from backend.fields import Count, Degrees, Instant, RegionCode
from backend.notifications.areas.circles import LEAST_RADIUS_M, MOST_RADIUS_M
from backend.schemas import LocationSchema, Schema


class CircleSchema(LocationSchema):
    """A circle; of its centre the middle of a grid cell is kept."""

    radius_m = Count(required=True, minimum=LEAST_RADIUS_M, maximum=MOST_RADIUS_M)


class KeptCircleSchema(Schema):
    """A circle as it is kept."""

    lon = Degrees(required=True)
    lat = Degrees(required=True)
    radius_m = Count(required=True)


class AreaSubscriptionCreateSchema(Schema):
    """An area to follow: a circle, or a sigungu or emd."""

    circle = fields.Nested(CircleSchema)
    region_code = RegionCode(metadata={"example": "11140103"})

    @validates_schema
    def choose_one(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse none and both."""
        if ("circle" in data) == ("region_code" in data):
            raise ValidationError("Give circle or region_code, not both.")


class AreaSubscriptionSchema(Schema):
    """An area that one follows."""

    id = fields.UUID(required=True)
    circle = fields.Nested(KeptCircleSchema, required=True, allow_none=True)
    region_codes = fields.List(
        fields.String(),
        required=True,
        allow_none=True,
        metadata={"description": "One code, or all that came of it when the boundaries changed"},
    )
    created_at = Instant(required=True)


class AreaSubscriptionListSchema(Schema):
    """All areas that one follows."""

    items = fields.List(fields.Nested(AreaSubscriptionSchema), required=True)
