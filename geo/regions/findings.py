"""Owns what validation says about a generation: findings that block or warn, kept as JSON."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

SHOWN = 20
"""Items that a finding lists; the rest is only counted."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was found; an `error` keeps the generation from being validated.

    `items` are the first of `count`, each beginning with a code.
    """

    severity: str
    kind: str
    says: str
    count: int
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LevelFigures:
    """How many regions a level has and what they measure; `before` is the generation in force."""

    level: str
    regions: int
    area_km2: float
    before_regions: int | None = None
    before_area_km2: float | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of a validation; `compared_with` is the generation in force at that time."""

    generation: int
    compared_with: int | None
    levels: tuple[LevelFigures, ...]
    findings: tuple[Finding, ...]

    @property
    def passed(self) -> bool:
        """Say whether nothing blocks the generation."""
        return not self.errors

    @property
    def errors(self) -> tuple[Finding, ...]:
        """Return what blocks the generation."""
        return tuple(found for found in self.findings if found.severity == "error")

    def as_json(self) -> dict[str, Any]:
        """Return the report as it is stored and printed."""
        return {**asdict(self), "passed": self.passed}


def error(kind: str, says: str, items: Iterable[str]) -> list[Finding]:
    """Return a finding that blocks, or nothing when there are no items."""
    return _finding("error", kind, says, list(items))


def warning(kind: str, says: str, items: Iterable[str]) -> list[Finding]:
    """Return a finding that a person should see, or nothing when there are no items."""
    return _finding("warning", kind, says, list(items))


def _finding(severity: str, kind: str, says: str, items: Sequence[str]) -> list[Finding]:
    if not items:
        return []
    return [Finding(severity, kind, says, len(items), tuple(items[:SHOWN]))]
