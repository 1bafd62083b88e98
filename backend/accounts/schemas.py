"""Owns what accounts look like from outside."""

from marshmallow import fields, validate

from backend.accounts.passwords import MAX_LENGTH, MIN_LENGTH
from backend.fields import Instant, RegionCode, Text
from backend.schemas import Schema


class Password(fields.String):
    """A password exactly as typed: neither trimmed nor normalised."""

    def __init__(self) -> None:
        super().__init__(
            required=True,
            load_only=True,
            validate=validate.Length(min=MIN_LENGTH, max=MAX_LENGTH),
            metadata={"type": "string", "format": "password"},
        )


class AccountCreateSchema(Schema):
    """A person who registers."""

    email = fields.Email(required=True, validate=validate.Length(max=254))
    password = Password()
    display_name = Text(required=True, max_length=50)


class AccountSchema(Schema):
    """One's own account."""

    id = fields.UUID(required=True)
    email = fields.Email(required=True)
    display_name = fields.String(required=True)
    created_at = Instant(required=True)


class ResidenceDeclarationSchema(Schema):
    """Where one lives, as a legal dong; no coordinate."""

    region_code = RegionCode(
        required=True, metadata={"example": "1114010300", "description": "Legal-dong code"}
    )


class ResidenceSchema(Schema):
    """The residence on record."""

    region_code = fields.String(required=True)
    declared_at = Instant(required=True)
    confirmed_at = Instant(required=True, allow_none=True)
