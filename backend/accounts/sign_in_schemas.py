"""Owns what sign-ins, devices and new passwords look like from outside."""

from typing import Any

from marshmallow import fields, post_load, validate

from backend.accounts.passwords import MAX_LENGTH
from backend.accounts.schemas import Password
from backend.accounts.sessions import Device
from backend.fields import Instant, Text
from backend.schemas import Schema

PLATFORMS = ("ios", "android", "web", "other")
NAME_LENGTH = 60


class OnDeviceSchema(Schema):
    """A request that opens a sign-in: what the app tells of its device comes along."""

    device_id = fields.UUID(
        load_default=None,
        metadata={
            "description": "Made by the app once, when it was installed; needed for renewals to"
            " survive a lost answer. Without one, the answer gives a new one."
        },
    )
    device_name = Text(
        max_length=NAME_LENGTH,
        load_default=None,
        allow_none=True,
        metadata={"description": "For the person's own list of devices", "example": "민의 전화"},
    )
    platform = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(PLATFORMS))

    @post_load
    def gather(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Turn the facts about the device into one."""
        device = Device(data.pop("device_id"), data.pop("device_name"), data.pop("platform"))
        return data | {"device": device}


class PasswordShownSchema(Schema):
    """A password that somebody shows; how long a new one has to be is no matter here."""

    password = fields.String(
        required=True,
        load_only=True,
        validate=validate.Length(min=1, max=MAX_LENGTH),
        metadata={"format": "password"},
    )


class SignInSchema(OnDeviceSchema, PasswordShownSchema):
    """E-mail and password."""

    email = Text(required=True, max_length=254)


class CodeSchema(Schema):
    """A code of an authenticator, or one to recover."""

    code = Text(
        required=True,
        max_length=40,
        metadata={"example": "492039", "description": "Six digits, or a recovery code"},
    )


class SecondFactorSchema(OnDeviceSchema, CodeSchema):
    """The second step of a sign-in."""

    challenge = fields.String(required=True, validate=validate.Length(min=1, max=1000))


class RefreshTokenSchema(Schema):
    """A refresh token."""

    refresh_token = fields.String(required=True, validate=validate.Length(min=1, max=200))


class RenewalSchema(RefreshTokenSchema):
    """A refresh token, to be used once."""

    device_id = fields.UUID(
        load_default=None,
        metadata={
            "description": "Of the sign-in. Within 30 seconds of its use the same device may send"
            " a token again and gets the same successor; otherwise its second use ends the sign-in."
        },
    )


class TokenPairSchema(Schema):
    """A sign-in: the access token goes into `Authorization: Bearer`."""

    account_id = fields.UUID(required=True)
    device_id = fields.UUID(required=True)
    token_type = fields.Constant("Bearer", required=True)
    access_token = fields.String(required=True)
    expires_in_s = fields.Integer(required=True)
    refresh_token = fields.String(required=True)


class DeviceSchema(Schema):
    """A device on which one is signed in; days in UTC, and no address."""

    id = fields.UUID(required=True, attribute="device_id")
    name = fields.String(required=True, allow_none=True, attribute="device_name")
    platform = fields.String(required=True, allow_none=True)
    first_seen_on = fields.Date(required=True)
    last_seen_on = fields.Date(required=True)
    is_current = fields.Boolean(
        required=True, metadata={"description": "Whether this very request comes from it"}
    )


class DevicesSchema(Schema):
    """All devices on which one is signed in, the latest seen first."""

    items = fields.List(fields.Nested(DeviceSchema), required=True)


class EnrolmentSchema(Schema):
    """What goes into an authenticator, once."""

    secret = fields.String(required=True, metadata={"description": "Base 32"})
    otpauth_uri = fields.String(required=True, metadata={"description": "Shown as a QR code"})


class RecoveryCodeListSchema(Schema):
    """Codes for the day on which the authenticator is lost; each is good once."""

    recovery_codes = fields.List(fields.String(), required=True)


class SecondFactorStatusSchema(Schema):
    """Whether one's account has a second factor."""

    state = fields.String(required=True, validate=validate.OneOf(("off", "pending", "on")))
    confirmed_at = Instant(required=True, allow_none=True)
    recovery_codes_left = fields.Integer(required=True)


class PasswordResetSchema(Schema):
    """Whose password was forgotten."""

    email = Text(required=True, max_length=254)


class PasswordResetCompletionSchema(Schema):
    """The code out of the mail, and the password from now on."""

    token = fields.String(required=True, validate=validate.Length(min=1, max=200))
    password = Password()


class PasswordChangeSchema(Schema):
    """The password until now, and from now on."""

    current_password = fields.String(
        required=True,
        load_only=True,
        validate=validate.Length(min=1, max=MAX_LENGTH),
        metadata={"format": "password"},
    )
    new_password = Password()
