"""Owns what the notices of a round and the versions of its policy look like from outside."""

from marshmallow import fields, validate

from backend.fields import Instant, Text
from backend.rounds.schemas import MOST, PolicySchema
from backend.rounds.terms_models import NOTICE_KINDS
from backend.schemas import Schema


class ReasonSchema(Schema):
    """Why something happens; there is no notice without."""

    reason = Text(required=True, max_length=2000)


class RoundNoticeSchema(Schema):
    """What changed of an announced round, and why; per field what it was and what it is."""

    id = fields.UUID(required=True)
    kind = fields.String(required=True, metadata={"enum": list(NOTICE_KINDS)})
    reason = fields.String(required=True)
    changes = fields.Dict(
        keys=fields.String(),
        values=fields.List(fields.Raw(allow_none=True)),
        required=True,
        metadata={"example": {"title_en": ["Round 1", "Round one"]}},
    )
    issued_at = Instant(required=True)


class AreaCorrectionSchema(Schema):
    """Names of an area to be corrected."""

    key = fields.String(required=True)
    name_ko = Text(max_length=100)
    name_en = Text(max_length=100)


class CorrectionSchema(ReasonSchema):
    """Titles and names to be corrected; what is left out stays."""

    title_ko = Text(max_length=100)
    title_en = Text(max_length=100)
    areas = fields.List(fields.Nested(AreaCorrectionSchema), validate=validate.Length(max=MOST))


class RoundExtensionSchema(ReasonSchema):
    """A later deadline."""

    closes_at = Instant(required=True)


class PolicyVersionSchema(Schema):
    """The rules of a round as they were from one moment on, and which of them changed then."""

    version = fields.Integer(required=True)
    policy = fields.Nested(PolicySchema, required=True)
    changed_fields = fields.List(fields.String(), required=True)
    reason = fields.String(required=True, allow_none=True)
    changed_at = Instant(required=True)


class PolicyChangeSchema(ReasonSchema):
    """Rules to be changed; what is left out stays."""

    policy = fields.Nested(PolicySchema, required=True)
