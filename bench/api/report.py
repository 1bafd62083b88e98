"""Owns how the findings are shown, to people and as JSON, and which of them are failures."""

from dataclasses import asdict, dataclass, field
from statistics import median
from typing import Any

from bench.api.measuring import Finding
from bench.api.sizes import LARGE, SMALL
from bench.serving.figures import ratio

MOST_GROWTH = 1.5
"""A hundred times the rows may cost so much more: a level of an index, and a cache that is full."""


@dataclass
class Findings:
    """Everything that a run found.

    :param left_out: calls that the API does not have, with what it lacks.
    :param broken: calls that were not answered as they should be, with how.
    """

    calls: list[Finding] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)
    broken: dict[str, str] = field(default_factory=dict)

    @property
    def failures(self) -> list[str]:
        """Return what grows with the tables, and what was not to be measured, as sentences."""
        grown = [
            f"{one.call.name}: {growth(one):.2f} times as long at {LARGE.proposals:,} proposals"
            for one in self.calls
            if one.call.is_judged and growth(one) > MOST_GROWTH
        ]
        read = [
            f"{one.call.name}: reads all of {', '.join(sorted(set(one.scanned)))}"
            for one in self.calls
            if one.scanned
        ]
        return [*grown, *read, *(f"{name}: {how}" for name, how in self.broken.items())]


def growth(finding: Finding) -> float:
    """Return how many times as long the median answer takes with a hundred times the rows."""
    return ratio(finding.measured[LARGE.name].p50_ms, finding.measured[SMALL.name].p50_ms)


def share_of(finding: Finding, floor: str) -> float:
    """Return the rate of a call as a share of one of its floors."""
    return ratio(finding.measured[LARGE.name].values, finding.measured[floor].values)


def to_text(findings: Findings) -> str:
    """Return the findings as lines for a terminal."""
    heads = f"{'per s':>8}{'p50 ms':>8}{'p95 ms':>8}{'spread':>8}{'/healthz':>10}{'pgbench':>9}"
    lines = [f"{'':29}{heads}{'SQL':>5}{'growth':>8}"]
    for one in findings.calls:
        series = one.measured[LARGE.name]
        note = "" if one.call.is_judged else "  (for information)"
        lines.append(
            f"  {one.call.name:<27}{series.middle:8,.0f}{median(series.p50_ms):8.2f}"
            f"{median(series.p95_ms):8.2f}{series.spread:8.0%}{share_of(one, 'trivial'):10.2f}"
            f"{share_of(one, 'pgbench'):9.2f}{one.statements:5}{growth(one):8.2f}{note}"
        )
    lines += [f"  {name:<27}left out: {why}" for name, why in findings.left_out.items()]
    lines += [
        "",
        f"  {LARGE.proposals:,} proposals, {LARGE.proposals * 10:,} endorsements; 4 connections.",
        "  /healthz, pgbench: the rate as a share of a trivial route and of the same SQL alone.",
        f"  growth: median answer beside {SMALL.proposals:,} proposals; at most {MOST_GROWTH}.",
        "",
    ]
    failures = findings.failures
    return "\n".join(lines + (failures or ["Nothing grows with the tables."]))


def to_json(findings: Findings) -> dict[str, Any]:
    """Return the findings as plain data."""
    return {
        "calls": [_as_data(one) for one in findings.calls],
        "left_out": findings.left_out,
        "failures": findings.failures,
    }


def _as_data(finding: Finding) -> dict[str, Any]:
    return {
        "call": finding.call.slug,
        "growth": growth(finding),
        "of_trivial_route": share_of(finding, "trivial"),
        "of_pgbench": share_of(finding, "pgbench"),
        "statements": finding.statements,
        "measured": {name: asdict(series) for name, series in finding.measured.items()},
    }
