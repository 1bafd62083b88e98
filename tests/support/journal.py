"""Owns what a phone wants to have done, and whether it was told that it is done."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import uuid4


class Outcome(StrEnum):
    """What a phone knows of a write."""

    PENDING = "pending"
    """Sent or not, done or not: the phone does not know."""
    ACKNOWLEDGED = "acknowledged"
    REFUSED = "refused"


@dataclass(slots=True)
class Intent:
    """One thing that a person did once, however often it has to be sent.

    :param kind: what it is, for who reads the journal.
    :param about: what the effect can be recognised by: an id, or a text of its own.
    :param edits: address of what a PATCH changes, as its author reads it; the tag comes from there.
    """

    kind: str
    about: str
    method: str
    path: str
    body: dict[str, Any] | None = None
    edits: str | None = None
    key: str = field(default_factory=lambda: str(uuid4()))
    outcome: Outcome = Outcome.PENDING
    sent: int = 0
    """How often it was sent."""
    told: str = ""
    """Why it was refused."""


class Journal:
    """All that one phone wanted, in the order in which it was wanted."""

    def __init__(self) -> None:
        self.intents: list[Intent] = []

    def __iter__(self) -> Iterator[Intent]:
        return iter(self.intents)

    def of(self, outcome: Outcome) -> list[Intent]:
        """Return the intents of which this is known."""
        return [intent for intent in self.intents if intent.outcome is outcome]
