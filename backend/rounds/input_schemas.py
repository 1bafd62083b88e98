"""Owns what frozen inputs and seeds look like from outside."""

from typing import Any

from marshmallow import fields, post_load

from backend.fields import Instant, Text
from backend.rounds.freezing import Announcement
from backend.schemas import Schema


class InputsCreateSchema(Schema):
    """Which future public number will be the seed; a second freeze says why it is needed."""

    seed_source = Text(
        required=True, max_length=300, metadata={"example": "동행복권 로또6/45 제1260회 당첨번호"}
    )
    seed_form = Text(
        required=True, max_length=300, metadata={"example": "n1-n2-n3-n4-n5-n6, 작은 수부터"}
    )
    seed_due_at = Instant(required=True)
    reason = Text(max_length=1000, load_default=None)

    @post_load
    def _announce(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        source, form = data["seed_source"], data["seed_form"]
        announcement = Announcement(source, form, data["seed_due_at"])
        return {"announcement": announcement, "reason": data["reason"]}


class ChangeSchema(Schema):
    """One value that differs from the inputs before."""

    path = fields.String(required=True)
    before = fields.Raw(required=True, allow_none=True)
    after = fields.Raw(required=True, allow_none=True)


class InputsSchema(Schema):
    """The inputs of a round as they were frozen: their hash, and what the seed will be."""

    id = fields.UUID(required=True)
    round_id = fields.UUID(required=True)
    version = fields.Integer(required=True)
    kind = fields.String(required=True, metadata={"enum": ["frozen", "refrozen", "corrected"]})
    inputs_sha256 = fields.String(required=True)
    seed_source = fields.String(required=True)
    seed_form = fields.String(required=True)
    seed_due_at = Instant(required=True)
    reason = fields.String(required=True, allow_none=True)
    changes = fields.List(fields.Nested(ChangeSchema), required=True)
    frozen_at = Instant(required=True)
    superseded_at = Instant(required=True, allow_none=True)


class SeedEntryCreateSchema(Schema):
    """The announced number, as read off its source."""

    seed = Text(required=True, max_length=200, metadata={"example": "3-11-19-27-34-45"})


class SeedSchema(Schema):
    """The seed of a round, which two people entered."""

    round_id = fields.UUID(required=True)
    seed = fields.String(required=True)
    inputs_id = fields.UUID(required=True)
    set_at = Instant(required=True)


class EnteredSchema(Schema):
    """What became of a number that was entered: official, or waiting for a second person."""

    entered_at = Instant(required=True, attribute="entry.entered_at")
    official = fields.Nested(SeedSchema, required=True, allow_none=True)
