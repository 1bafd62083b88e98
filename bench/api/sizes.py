"""Owns how much data there is, and which part of it is the same at every size."""

from dataclasses import dataclass
from datetime import UTC, datetime

NEWEST = datetime(2026, 6, 30, tzinfo=UTC)
"""Everything that is loaded was made before; what a run writes is newer, and taken back."""

SHARED_PROPOSALS = 1_000
SHARED_PEOPLE = 200
"""The newest proposals and the people around them are the same at every size: a page of the newest
then answers the same, and only what lies behind it differs."""

PAGE = 20
"""Items of a page when nobody asks for another number."""


@dataclass(frozen=True)
class Size:
    """So many proposals, with ten endorsements each on average, and so many people.

    The people beyond the shared ones write and back the proposals beyond the shared ones.
    """

    name: str
    proposals: int
    people: int


SMALL = Size("small", SHARED_PROPOSALS, SHARED_PEOPLE)
LARGE = Size("large", 100_000, 20_000)
