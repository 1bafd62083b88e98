"""Owns under which name the public hears of a person who proposed."""

from typing import Protocol
from uuid import UUID


class Proposed(Protocol):
    """What somebody proposed."""

    author_id: UUID


def credited_name(proposal: Proposed) -> str | None:  # noqa: ARG001 (what the rule is about)
    """Return the name that its author chose to be known by; None: known to the office only.

    Nobody has agreed to be named so far, so nobody is.
    """
    return None
