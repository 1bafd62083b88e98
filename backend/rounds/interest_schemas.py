"""Owns what declared interests look like from outside."""

from marshmallow import fields, validate

from backend.fields import Instant, Text
from backend.rounds.terms_models import INTEREST_SUBJECTS
from backend.schemas import Schema


class InterestSchema(Schema):
    """That a person is not impartial about something of a round, and why."""

    id = fields.UUID(required=True)
    account_id = fields.UUID(required=True)
    subject_type = fields.String(required=True, metadata={"enum": list(INTEREST_SUBJECTS)})
    subject_id = fields.UUID(required=True)
    text = fields.String(required=True)
    declared_at = Instant(required=True)


class InterestCreateSchema(Schema):
    """An interest to be declared."""

    subject_type = fields.String(required=True, validate=validate.OneOf(INTEREST_SUBJECTS))
    subject_id = fields.UUID(required=True)
    text = Text(required=True, max_length=2000)
