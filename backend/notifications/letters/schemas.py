"""Owns what the confirmation of an address looks like from outside."""

from marshmallow import fields

from backend.fields import Instant
from backend.schemas import Schema


class EmailConfirmationSchema(Schema):
    """Whether one's address was confirmed; letters go to confirmed addresses only."""

    email = fields.Email(required=True)
    requested_at = Instant(required=True)
    confirmed_at = Instant(required=True, allow_none=True)
