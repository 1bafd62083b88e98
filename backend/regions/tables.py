"""Owns how generations, reports and differences are written for people at a terminal."""

from collections.abc import Iterator, Sequence

from geo.regions import Difference, Report, StoredGeneration

SHOWN = 20
"""Changes of one kind and level that are listed; --json lists all."""


def generation_lines(generations: Sequence[StoredGeneration]) -> Iterator[str]:
    """Yield a line for each generation, the oldest first."""
    heading = (f"{'id':>4}", f"{'state':9}", f"{'data':10}", f"{'sido/sigungu/emd':16}")
    yield "  ".join((*heading, "governments", "label"))
    for found in generations:
        counts = f"{found.sido}/{found.sigungu}/{found.emd}"
        yield (
            f"{found.id:>4}  {found.state:9}  {found.data_date}  {counts:16}"
            f"  {found.local_governments:>11}  {found.label}"
        )


def report_lines(report: Report) -> Iterator[str]:
    """Yield the figures of each level, then what was found, errors first."""
    beside = f", in force: generation {report.compared_with}" if report.compared_with else ""
    yield f"generation {report.generation}{beside}"
    for level in report.levels:
        before = (
            f" (in force {level.before_regions}, {level.before_area_km2:,.1f} km2)"
            if level.before_regions is not None
            else ""
        )
        yield f"  {level.level:8} {level.regions:>6}  {level.area_km2:>12,.1f} km2{before}"
    for found in sorted(report.findings, key=lambda found: found.severity):
        yield f"{found.severity}: {found.count} {found.says}"
        yield from _capped(found.items, found.count)


def difference_lines(difference: Difference) -> Iterator[str]:
    """Yield the changes of each level under a heading that counts them."""
    yield f"generation {difference.before} -> {difference.after}"
    for level in difference.levels:
        kinds = {
            "added": [f"{it.code} {it.full_name} {it.area_km2:.3f} km2" for it in level.added],
            "removed": [f"{it.code} {it.full_name} {it.area_km2:.3f} km2" for it in level.removed],
            "renamed": [f"{it.code} {it.before} -> {it.after}" for it in level.renamed],
            "re-coded": [
                f"{it.before_code} {it.before} -> {it.after_code} {it.after}"
                + (" (other parent)" if it.moved else "")
                for it in level.recoded
            ],
            "other government": [
                f"{it.code} {it.full_name}: {it.before} -> {it.after}" for it in level.regoverned
            ],
            "other shape": [
                f"{it.code} {it.full_name}: {it.changed_km2:.3f} km2 ({it.share:.2%})"
                for it in level.reshaped
            ],
        }
        counts = ", ".join(f"{len(lines)} {kind}" for kind, lines in kinds.items() if lines)
        yield f"{level.level}: {counts or 'no change'}"
        for kind, lines in kinds.items():
            if lines:
                yield f" {kind}"
                yield from _capped(lines, len(lines))


def _capped(lines: Sequence[str], count: int) -> Iterator[str]:
    shown = lines[:SHOWN]
    yield from (f"  {line}" for line in shown)
    if count > len(shown):
        yield f"  ... and {count - len(shown)} more"
