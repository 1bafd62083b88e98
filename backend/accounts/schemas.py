"""Owns what accounts look like from outside."""

from marshmallow import fields, validate

from backend.accounts.consents.schemas import AgreementSchema
from backend.accounts.passwords import MAX_LENGTH, MIN_LENGTH
from backend.fields import Instant, RegionCode, Text
from backend.schemas import LocationSchema, Schema


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
    born_on = fields.Date(
        metadata={"description": "Tells whether a guardian has to consent; it is not kept"}
    )
    consents = fields.List(
        fields.Nested(AgreementSchema),
        validate=validate.Length(max=10),
        metadata={"description": "What was said to the documents of /consent-documents"},
    )


class AccountEditSchema(Schema):
    """What a person changes about their account."""

    display_name = Text(required=True, max_length=50)


class AgeDeclarationSchema(Schema):
    """When one was born; kept is at most the day on which a child turns fourteen."""

    born_on = fields.Date(required=True)


class AgeSchema(Schema):
    """Whether a guardian has to consent, as far as it is known."""

    declared = fields.Boolean(required=True)
    guardian_needed_until = fields.Date(
        required=True,
        allow_none=True,
        metadata={"description": "The day of the fourteenth birthday; null for who is older"},
    )


class AccountSchema(Schema):
    """One's own account."""

    id = fields.UUID(required=True)
    email = fields.Email(
        required=True,
        allow_none=True,
        metadata={"description": "Null for who came from a sign-in provider"},
    )
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


class PastResidenceSchema(ResidenceSchema):
    """A residence of today or of former times."""

    superseded_at = Instant(
        required=True, allow_none=True, metadata={"description": "null for the one that counts"}
    )


class PositionSchema(LocationSchema):
    """Where a phone is."""

    accuracy_m = fields.Float(
        required=True,
        validate=validate.Range(min=0, max=100_000),
        metadata={"description": "Radius of uncertainty in metres, as the phone tells it"},
    )


class ConfirmationSchema(Schema):
    """What a position said about the residence on record."""

    result = fields.String(required=True, validate=validate.OneOf(("confirmed", "elsewhere")))
    residence = fields.Nested(ResidenceSchema, required=True)


class LocationUseSchema(Schema):
    """One use of a position, without the position."""

    purpose = fields.String(required=True)
    region_code = fields.String(
        required=True, metadata={"description": "The neighbourhood that was asked about"}
    )
    result = fields.String(required=True)
    used_at = Instant(required=True)
