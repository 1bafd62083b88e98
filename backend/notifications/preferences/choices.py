"""Owns what can be chosen, and what holds for who has chosen nothing; knows no table."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time

from backend.notifications.groups import Group
from backend.notifications.timing import DigestTime, QuietHours

EMAIL_CHOICES = ("off", "immediate", "digest")


@dataclass(frozen=True, slots=True)
class Channels:
    """How somebody hears of a group, beside the list in the application.

    :param push: whether their devices ring.
    :param email: one of `EMAIL_CHOICES`.
    """

    push: bool
    email: str


@dataclass(frozen=True, slots=True)
class Preferences:
    """Everything that one person chose.

    :param language: ``ko`` or ``en``, of letters.
    :param quiet_hours: None for none.
    :param groups: complete.
    """

    language: str
    quiet_hours: QuietHours | None
    digest: DigestTime
    groups: Mapping[Group, Channels]


DEFAULT_GROUPS: Mapping[Group, Channels] = {
    Group.ACCOUNT: Channels(push=True, email="immediate"),
    Group.MY_PROPOSALS: Channels(push=True, email="immediate"),
    Group.FOLLOWED: Channels(push=True, email="digest"),
    Group.NEAR_ME: Channels(push=True, email="digest"),
    Group.OFFICE: Channels(push=False, email="immediate"),
    Group.MARKETING: Channels(push=False, email="off"),
}

DEFAULTS = Preferences(
    language="ko",
    quiet_hours=QuietHours(time(21), time(8)),
    digest=DigestTime("daily", 8, 1),
    groups=DEFAULT_GROUPS,
)
"""For who has chosen nothing."""
