"""Owns what people's choices look like from outside."""

from typing import Any

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from backend.fields import Count, Flag
from backend.notifications.groups import Group
from backend.notifications.preferences.choices import (
    DEFAULT_GROUPS,
    EMAIL_CHOICES,
    Channels,
    Preferences,
)
from backend.notifications.timing import DigestTime, QuietHours
from backend.schemas import Schema
from backend.translations import LANGUAGES

_SEOUL_TIME = {"example": "21:00", "description": "HH:MM in Seoul", "type": "string"}


class QuietHoursSchema(Schema):
    """Hours in which no device rings; `until` before `from` is on the next day."""

    starts = fields.Time(required=True, format="%H:%M", data_key="from", metadata={**_SEOUL_TIME})
    ends = fields.Time(
        required=True,
        format="%H:%M",
        data_key="until",
        metadata={**_SEOUL_TIME, "example": "08:00"},
    )

    @validates_schema
    def refuse_nothing(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse hours that begin and end at once: all day, or never?"""
        if data["starts"] == data["ends"]:
            raise ValidationError("Invalid value.", "until")

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> QuietHours:
        """Return the hours."""
        return QuietHours(**data)


class DigestTimeSchema(Schema):
    """When the letter comes that gathers what was not read."""

    every = fields.String(required=True, validate=validate.OneOf(("daily", "weekly")))
    hour = Count(required=True, maximum=23, metadata={"description": "0 to 23, in Seoul"})
    weekday = Count(
        load_default=1,
        minimum=1,
        maximum=7,
        metadata={"description": "1 (Monday) to 7; counts where weekly"},
    )

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> DigestTime:
        """Return the time."""
        return DigestTime(**data)


class ChannelsSchema(Schema):
    """How one hears of a group of notices, beside the list in the application."""

    push = Flag(required=True)
    email = fields.String(required=True, validate=validate.OneOf(EMAIL_CHOICES))

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Channels:
        """Return the channels."""
        return Channels(**data)


GroupsSchema = Schema.from_dict(
    {
        group.value: fields.Nested(ChannelsSchema, load_default=default)
        for group, default in DEFAULT_GROUPS.items()
    },
    name="NotificationGroupsSchema",
)
"""Channels by group; a group that is left out gets its default."""


class PreferencesSchema(Schema):
    """How one wants to be told; nobody chooses away the list in the application."""

    language = fields.String(
        required=True,
        validate=validate.OneOf(LANGUAGES),
        metadata={"description": "Of letters; what an app asks for speaks its own"},
    )
    quiet_hours = fields.Nested(QuietHoursSchema, required=True, allow_none=True)
    digest = fields.Nested(DigestTimeSchema, required=True)
    groups = fields.Nested(GroupsSchema, required=True)

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Preferences:
        """Return the choices."""
        groups = {group: data["groups"][group.value] for group in Group}
        return Preferences(data["language"], data["quiet_hours"], data["digest"], groups)
