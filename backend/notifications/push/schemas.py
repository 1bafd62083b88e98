"""Owns what push subscriptions look like from outside."""

from marshmallow import fields, validate

from backend.fields import Instant
from backend.notifications.push.endpoints import LONGEST_ENDPOINT
from backend.schemas import Schema


class PushKeySchema(Schema):
    """The key to subscribe with: `applicationServerKey` of the Push API."""

    public_key = fields.String(
        required=True, metadata={"description": "P-256 point, uncompressed, base64url"}
    )


class PushKeysSchema(Schema):
    """The device's keys, as `PushSubscription.toJSON()` gives them."""

    p256dh = fields.String(required=True, validate=validate.Length(min=80, max=100))
    auth = fields.String(required=True, validate=validate.Length(min=20, max=40))


class PushSubscriptionCreateSchema(Schema):
    """A device that takes messages."""

    endpoint = fields.String(required=True, validate=validate.Length(min=1, max=LONGEST_ENDPOINT))
    keys = fields.Nested(PushKeysSchema, required=True)
    device_id = fields.UUID(load_default=None, allow_none=True)


class PushSubscriptionSchema(Schema):
    """One's own device that takes messages; its endpoint is a secret and stays with the device."""

    id = fields.UUID(required=True)
    device_id = fields.UUID(required=True, allow_none=True)
    created_at = Instant(required=True)


class PushSubscriptionListSchema(Schema):
    """All devices of one's own that take messages."""

    items = fields.List(fields.Nested(PushSubscriptionSchema), required=True)
