"""Owns the change of the generation in force: all records move in the same transaction."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from backend.accounts import remapping as accounts
from backend.audit.service import record
from backend.catalogue import remapping as catalogue
from backend.db import new_id
from backend.errors import Conflict
from backend.generations.notices import tell_people
from backend.notifications import remapping as notifications
from backend.organizations import remapping as organizations
from backend.organizations.governments import ensure_local_governments
from backend.proposals import remapping as proposals
from backend.regions.changes import Change, Counts
from backend.regions.models import BoundaryCase, BoundaryChange
from backend.reviews import remapping as reviews
from backend.rounds import remapping as rounds
from geo import regions
from geo.orm import Executor
from geo.regions.crosswalk import Crosswalk, build_crosswalk
from geo.regions.placing import spread

Remap = Callable[[Session, Change, datetime], Mapping[str, Counts]]

DOMAINS: Mapping[str, Remap] = {
    "accounts": accounts.remap,
    "notifications": notifications.remap,
    "organizations": organizations.remap,
    "proposals": proposals.remap,
    "reviews": reviews.remap,
    "catalogue": catalogue.remap,
    "rounds": rounds.remap,
}
"""From the ground up: whoever comes later reads what came before."""


class GenerationNotReady(Conflict):
    """A generation can be put in force once it was validated."""

    code = "generation_not_ready"
    ko = "검증을 마친 경계만 적용할 수 있습니다: {reason}"
    en = "Only a validated generation can be put in force: {reason}."


class NothingToRollBack(Conflict):
    """The generation in force came by no change that could be undone."""

    code = "nothing_to_roll_back"
    ko = "되돌릴 경계 변경이 없습니다."
    en = "There is no change of the boundaries to roll back."


def activate_generation(
    session: Session, *, generation_id: int, now: datetime, actor_id: UUID | None = None
) -> BoundaryChange | None:
    """Put a validated generation in force and move the records of every domain to it.

    Nothing is committed here: with the caller's transaction all of it happens or none. The caller
    writes alone (`backend.db.unit_of_work`), so that no record slips through.

    :param generation_id: validated, or retired (it was in force before).
    :param actor_id: who does it, None for the operator.
    :returns: the change with its report; None when nothing was in force before, or this already.
    :raises GenerationNotReady: when it is a draft or unknown.
    """
    before = _id_in_force(session)
    _activate(session, generation_id, now)
    if before is None:
        ensure_local_governments(session, now=now)
        return None
    if before == generation_id:
        return None
    return _change(session, before, generation_id, now, actor_id, undoes=None)


def roll_back(session: Session, *, now: datetime, actor_id: UUID | None = None) -> BoundaryChange:
    """Return to the generation before: what was not changed since is exactly what it was.

    What was written or changed since moves back by its point, or by the crosswalk.

    :param actor_id: who does it, None for the operator.
    :raises NothingToRollBack: when the generation in force came by no change.
    """
    undone = find_change_to_undo(session)
    if undone is None:
        raise NothingToRollBack
    _activate(session, undone.old_generation_id, now)
    undone.rolled_back_at = now
    session.execute(
        update(BoundaryCase)
        .where(BoundaryCase.change_id == undone.id, BoundaryCase.closed_at.is_(None))
        .values(closed_at=now, closed_by=actor_id, outcome="rolled_back")
    )
    return _change(
        session,
        undone.new_generation_id,
        undone.old_generation_id,
        now,
        actor_id,
        undoes=undone.id,
    )


def find_change_to_undo(session: Session) -> BoundaryChange | None:
    """Return the change by which the generation in force came; None where it came by none."""
    return session.scalar(
        select(BoundaryChange)
        .where(
            BoundaryChange.new_generation_id == _id_in_force(session),
            BoundaryChange.undoes_id.is_(None),
            BoundaryChange.rolled_back_at.is_(None),
        )
        .order_by(BoundaryChange.happened_at.desc(), BoundaryChange.id.desc())
        .limit(1)
    )


def put_in_force(conn: Executor, generation_id: int, now: datetime) -> None:
    """Put loaded boundaries in force; with a session the records of every domain follow."""
    if isinstance(conn, Session):
        activate_generation(conn, generation_id=generation_id, now=now)
    else:
        regions.activate(conn, generation_id, now)


def _activate(session: Session, generation_id: int, now: datetime) -> None:
    try:
        regions.activate(session, generation_id, now)
    except regions.NotActivatable as exc:
        raise GenerationNotReady(reason=str(exc)) from exc


def _change(
    session: Session,
    old: int,
    new: int,
    now: datetime,
    actor_id: UUID | None,
    *,
    undoes: UUID | None,
) -> BoundaryChange:
    crosswalk = build_crosswalk(session, old, new)
    spread(session, crosswalk)
    row = BoundaryChange(
        id=new_id(),
        old_generation_id=old,
        new_generation_id=new,
        undoes_id=undoes,
        happened_at=now,
        actor_id=actor_id,
        report={},
    )
    session.add(row)
    session.flush()
    change = Change(row.id, crosswalk, undoes)
    records = {}
    for domain, remap in DOMAINS.items():
        records[domain] = {
            name: dict(counts) for name, counts in remap(session, change, now).items()
        }
    session.flush()
    session.expire_all()
    told = tell_people(session, change, now)
    row.report = {
        "regions": _summary(crosswalk),
        "records": records,
        "cases": _count_cases(session, row.id),
        "told": told,
    }
    for domain, moved in records.items():
        record(
            session,
            action="boundaries.remapped",
            subject_type="boundary_change",
            subject_id=row.id,
            actor_id=actor_id,
            now=now,
            data={"domain": domain, "records": moved, "generations": [old, new]},
        )
    session.flush()
    return row


def _summary(crosswalk: Crosswalk) -> dict[str, Any]:
    """Return how many regions and governments went which way, and all that were not kept."""
    return {
        name: {
            "counts": _count_kinds(entry.kind for entry in entries.values()),
            "changed": [
                {"code": entry.code, "kind": entry.kind, "successors": list(entry.successors)}
                for entry in entries.values()
                if entry.kind != "kept"
            ],
        }
        for name, entries in (
            ("regions", crosswalk.regions),
            ("local_governments", crosswalk.governments),
        )
    }


def _count_kinds(kinds: Any) -> dict[str, int]:
    counts: dict[str, int] = {}
    for kind in kinds:
        counts[kind] = counts.get(kind, 0) + 1
    return dict(sorted(counts.items()))


def _count_cases(session: Session, change_id: UUID) -> dict[str, int]:
    types = session.scalars(
        select(BoundaryCase.subject_type).where(BoundaryCase.change_id == change_id)
    )
    return _count_kinds(types)


def _id_in_force(session: Session) -> int | None:
    try:
        return regions.active_generation(session).id
    except regions.NoActiveGeneration:
        return None
