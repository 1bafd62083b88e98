"""Owns what makes the demonstration repeatable: its chance and its ids, both from one seed."""

from collections.abc import Callable
from random import Random
from uuid import UUID

FIRST_MILLISECOND = 1_735_689_600_000
"""2025-01-01 UTC: the time written into the demonstration's ids, which say nothing of their own."""


def seeded_random(seed: int, topic: str) -> Random:
    """Return chance for one topic, the same for the same seed whatever other topics draw.

    :param topic: such as ``institutions``.
    """
    return Random(f"{seed}:{topic}")  # noqa: S311 (a demonstration, not a secret)


def seeded_ids(seed: int) -> Callable[[], UUID]:
    """Return a source of UUIDv7 (RFC 9562), ascending, the same for the same seed."""
    chance = seeded_random(seed, "ids")
    count = 0

    def next_id() -> UUID:
        nonlocal count
        count += 1
        moment = FIRST_MILLISECOND + count
        number = (moment << 80) | (0x7 << 76) | (chance.getrandbits(12) << 64)
        return UUID(int=number | (0b10 << 62) | chance.getrandbits(62))

    return next_id
