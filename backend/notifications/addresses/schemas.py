"""Owns what the change of an address looks like from outside."""

from marshmallow import fields, validate

from backend.accounts.passwords import MAX_LENGTH
from backend.fields import Instant
from backend.schemas import Schema


class EmailChangeRequestSchema(Schema):
    """The address that one wants to have, and what shows that it is oneself who asks."""

    email = fields.Email(required=True, validate=validate.Length(max=254))
    password = fields.String(
        load_only=True,
        load_default=None,
        validate=validate.Length(min=1, max=MAX_LENGTH),
        metadata={
            "format": "password",
            "description": "Not needed within ten minutes of a sign-in",
        },
    )


class EmailChangeSchema(Schema):
    """An address that waits for its reader to confirm it."""

    email = fields.Email(required=True)
    requested_at = Instant(required=True)
