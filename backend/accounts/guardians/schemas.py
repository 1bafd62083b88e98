"""Owns what asking a guardian looks like, to the child and to the guardian."""

from marshmallow import fields, validate

from backend.accounts.consents.schemas import ConsentDocumentSchema
from backend.fields import Flag, Instant
from backend.schemas import Schema


class GuardianAskSchema(Schema):
    """Whom to ask: an e-mail address, kept until the guardian answers and for two days at most."""

    contact = fields.Email(required=True, validate=validate.Length(max=254))


class GuardianConsentSchema(Schema):
    """How a guardian was asked and what they said; never whom."""

    id = fields.UUID(required=True)
    version = fields.String(required=True)
    asked_at = Instant(required=True)
    expires_at = Instant(required=True)
    decided_at = Instant(required=True, allow_none=True)
    agreed = fields.Boolean(required=True, allow_none=True)


class GuardianQuestionSchema(Schema):
    """What a guardian is asked, for which child."""

    child_name = fields.String(required=True)
    document = fields.Nested(ConsentDocumentSchema, required=True)
    expires_at = Instant(required=True)


class GuardianAnswerSchema(Schema):
    """What a guardian says."""

    agreed = Flag(required=True)


class GuardianAnsweredSchema(Schema):
    """What is on record of a guardian's answer."""

    version = fields.String(required=True)
    agreed = fields.Boolean(required=True)
    decided_at = Instant(required=True)
