"""Owns what erasures look like from outside."""

from marshmallow import fields, validate

from backend.accounts.passwords import MAX_LENGTH
from backend.fields import Instant
from backend.schemas import Schema


class TermSchema(Schema):
    """One thing that becomes of what is stored."""

    key = fields.String(required=True, metadata={"example": "comments"})
    ko = fields.String(required=True)
    en = fields.String(required=True)


class ObstacleSchema(Schema):
    """A role that somebody else has to have first."""

    organization_id = fields.UUID(required=True)
    organization_ko = fields.String(required=True)
    role = fields.String(required=True)


class ErasureProspectSchema(Schema):
    """What an erasure would do, and what stands in its way."""

    goes = fields.List(fields.Nested(TermSchema), required=True)
    stays = fields.List(fields.Nested(TermSchema), required=True)
    obstacles = fields.List(fields.Nested(ObstacleSchema), required=True)


class ErasureRequestSchema(Schema):
    """What shows that it is the person who asks."""

    password = fields.String(
        load_only=True,
        load_default=None,
        validate=validate.Length(min=1, max=MAX_LENGTH),
        metadata={
            "format": "password",
            "description": "Not needed within ten minutes of a sign-in",
        },
    )


class ErasureSchema(Schema):
    """That the account was erased, and what is left."""

    erased_at = Instant(required=True)
    stays = fields.List(fields.Nested(TermSchema), required=True)
