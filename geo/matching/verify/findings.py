"""Owns the names of the checks and what was found; checks nothing itself."""

from __future__ import annotations

from dataclasses import dataclass

CHECKS = (
    "format",
    "inputs_hash",
    "eligibility",
    "preassigned",
    "budget",
    "product_cap",
    "institution_cap",
    "replay",
    "institution_optimal",
    "fixed_point",
    "no_wasted_money",
    "cutoffs",
    "outcomes_complete",
    "reason_true",
)


@dataclass(frozen=True, slots=True)
class Violation:
    """A check that a plan fails: its name, the first fault found and how many there are."""

    check: str
    message: str
    count: int

    def __str__(self) -> str:
        more = f" (and {self.count - 1} more)" if self.count > 1 else ""
        return f"{self.check}: {self.message}{more}"


class Findings:
    """Faults by check; only the first of each is kept in words."""

    def __init__(self) -> None:
        self._first: dict[str, str] = {}
        self._count: dict[str, int] = {}

    def note(self, check: str, message: str) -> None:
        """Record one fault."""
        self._first.setdefault(check, message)
        self._count[check] = self._count.get(check, 0) + 1

    def list_violations(self) -> list[Violation]:
        """List the violated checks in their documented order."""
        return [
            Violation(check, self._first[check], self._count[check])
            for check in CHECKS
            if check in self._first
        ]
