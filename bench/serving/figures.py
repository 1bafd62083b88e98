"""Owns the arithmetic: medians of rounds, ratios within a round, targets and whether they are met.

A ratio is taken within each round, and the median of the ratios counts: both sides of a round had
the same neighbours on the machine.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median


@dataclass
class Series:
    """One thing measured in every round: a rate per second, or a time in milliseconds."""

    name: str
    unit: str
    values: list[float] = field(default_factory=list)
    p50_ms: list[float] = field(default_factory=list)
    client_share: list[float] = field(default_factory=list)
    p95_ms: list[float] = field(default_factory=list)

    @property
    def middle(self) -> float:
        """Return the median of the rounds."""
        return median(self.values)

    @property
    def spread(self) -> float:
        """Return how far apart the rounds lie, as a share of the median."""
        return (max(self.values) - min(self.values)) / self.middle


def ratio(above: Sequence[float], below: Sequence[float]) -> float:
    """Return the median of the ratios of two series, round by round."""
    return median(over / under for over, under in zip(above, below, strict=True))


@dataclass(frozen=True)
class Target:
    """What a ratio has to be.

    :param at_least: True for a floor under the ratio, False for a ceiling over it.
    """

    name: str
    above: str
    below: str
    bound: float
    at_least: bool = True


@dataclass(frozen=True)
class Outcome:
    """What a ratio was; None where one of its sides was not measured."""

    target: Target
    value: float | None

    @property
    def is_met(self) -> bool:
        """Tell whether the ratio was measured and is what it has to be."""
        if self.value is None:
            return False
        met = self.value >= self.target.bound
        return met if self.target.at_least else self.value <= self.target.bound


def judge(target: Target, measured: Mapping[str, Series]) -> Outcome:
    """Return the outcome of a target."""
    if target.above not in measured or target.below not in measured:
        return Outcome(target, None)
    return Outcome(target, ratio(measured[target.above].values, measured[target.below].values))


def best(outcomes: Sequence[Outcome]) -> Outcome:
    """Return the outcome with the highest ratio, for a target that may be met in several ways."""
    return max(outcomes, key=lambda outcome: outcome.value or 0.0)
