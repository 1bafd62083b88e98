"""Owns the one way from draft to validated: what is stored is checked, and the report kept."""

from datetime import datetime

from sqlalchemy import select, update

from geo.orm import Executor
from geo.regions.codes import level_name
from geo.regions.findings import Finding, LevelFigures, Report, error, warning
from geo.regions.models import GenerationRow
from geo.regions.soundness import (
    LEVELS,
    Levels,
    area_km2,
    check_counts,
    check_governments,
    check_hierarchy,
    check_shapes,
)
from geo.regions.stored import GenerationNotFound, read_level
from geo.tiling import EMD

LOST_SHARE = 0.05
"""A country that differs by more than this lacks a part, or counts its sea."""

NOTABLE_SHARE = 0.005
"""Another drawing of the coast stays below this; more is shown."""


class NotADraft(ValueError):
    """A generation that is or was in force: it is not checked again, and never changes."""


def validate(conn: Executor, generation_id: int, now: datetime) -> Report:
    """Check a draft, keep the report with it, and mark it validated when nothing blocks it.

    May be repeated: a validated generation that fails against what is now in force is a draft
    again. Commits nothing.

    :param generation_id: a draft or a validated generation that was never in force.
    :param now: the time of the check, UTC.
    :raises GenerationNotFound: when there is none of this id.
    :raises NotADraft: when it is or was in force.
    """
    lock_draft(conn, generation_id)
    report = examine(conn, generation_id)
    conn.execute(
        update(GenerationRow)
        .where(GenerationRow.id == generation_id)
        .values(
            report=report.as_json(),
            state="validated" if report.passed else "draft",
            validated_at=now if report.passed else None,
        )
        .execution_options(synchronize_session=False)
    )
    return report


def lock_draft(conn: Executor, generation_id: int) -> None:
    """Hold a generation that was never in force until the transaction ends.

    :raises GenerationNotFound: when there is none of this id.
    :raises NotADraft: when it is or was in force.
    """
    statement = (
        select(GenerationRow.state, GenerationRow.activated_at)
        .where(GenerationRow.id == generation_id)
        .with_for_update()
    )
    row = conn.execute(statement).one_or_none()
    if row is None:
        msg = f"there is no generation {generation_id}"
        raise GenerationNotFound(msg)
    if row.state not in ("draft", "validated") or row.activated_at is not None:
        msg = f"generation {generation_id} is {row.state}"
        raise NotADraft(msg)


def examine(conn: Executor, generation_id: int) -> Report:
    """Return what there is to say about a generation, changing nothing.

    :param generation_id: a generation in whatever state.
    """
    levels = {level: read_level(conn, generation_id, level) for level in LEVELS}
    findings = [
        *check_counts(levels),
        *check_hierarchy(levels),
        *check_shapes(conn, generation_id, levels),
        *check_governments(conn, generation_id, levels),
    ]
    in_force = select(GenerationRow.id).where(GenerationRow.state == "active")
    before_id = conn.execute(in_force).scalar()
    if before_id in (None, generation_id):
        return Report(generation_id, None, _figures(levels, None), tuple(findings))
    before = {level: read_level(conn, before_id, level) for level in LEVELS}
    findings += _changes(levels, before)
    return Report(generation_id, before_id, _figures(levels, before), tuple(findings))


def _figures(levels: Levels, before: Levels | None) -> tuple[LevelFigures, ...]:
    return tuple(
        LevelFigures(
            level_name(level),
            len(levels[level].regions),
            round(area_km2(levels[level]), 3),
            len(before[level].regions) if before else None,
            round(area_km2(before[level]), 3) if before else None,
        )
        for level in LEVELS
    )


def _changes(levels: Levels, before: Levels) -> list[Finding]:
    findings: list[Finding] = []
    for level in LEVELS:
        new = {region.code: region for region in levels[level].regions}
        old = {region.code: region for region in before[level].regions}
        word = level_name(level)
        findings += warning(
            f"{word}_vanished",
            f"{word} codes in force that it does not have",
            (f"{code} {old[code].full_name}" for code in sorted(old.keys() - new.keys())),
        )
        findings += warning(
            f"{word}_appeared",
            f"{word} codes that are not in force",
            (f"{code} {new[code].full_name}" for code in sorted(new.keys() - old.keys())),
        )
        both = sorted(new.keys() & old.keys())
        findings += warning(
            f"{word}_renamed",
            f"{word} under another name",
            (
                f"{code} {old[code].full_name} -> {new[code].full_name}"
                for code in both
                if old[code].full_name != new[code].full_name
            ),
        )
        findings += warning(
            f"{word}_area_changed",
            f"{word} whose area changed by more than {NOTABLE_SHARE:.1%}",
            (
                f"{code} {new[code].full_name}:"
                f" {old[code].area_km2:.3f} -> {new[code].area_km2:.3f} km2"
                for code in both
                if _share(new[code].area_km2, old[code].area_km2) > NOTABLE_SHARE
            ),
        )
    return [*findings, *_land(area_km2(levels[EMD]), area_km2(before[EMD]))]


def _land(after_km2: float, before_km2: float) -> list[Finding]:
    share = _share(after_km2, before_km2)
    if share <= NOTABLE_SHARE:
        return []
    says = "the land measures another area than the one in force"
    item = f"{after_km2:.3f} km2, in force {before_km2:.3f} km2"
    found = error if share > LOST_SHARE else warning
    return found("land_differs", says, [item])


def _share(after: float, before: float) -> float:
    return abs(after - before) / before if before else 1.0
