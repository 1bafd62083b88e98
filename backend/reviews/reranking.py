"""Owns what becomes of rankings when the proposals of a local government go to others.

An order goes along with what it orders, as far as one ranking alone says it: between the proposals
of two bodies that become one nobody has decided yet.
"""

from collections import Counter, defaultdict
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from backend.db import new_id
from backend.proposals.models import Proposal
from backend.regions.changes import Change, Counts
from backend.regions.models import BoundaryChange
from backend.reviews.models import CategoryRank, ProposalRank, Ranking
from backend.reviews.priorities import CATEGORIES, PROPOSALS

Key = tuple[str, int, str]
"""Local government, programme year, what is ranked."""


def rerank(session: Session, change: Change, now: datetime) -> tuple[Counts, dict[str, int]]:
    """Give each body the orders that go with it; return counts, and who has to rank anew.

    On a roll-back the orders that the change had set aside count again, where nobody set others.

    :returns: numbers by kind, and local government -> year of those without an order.
    """
    if change.undoes is not None:
        return _take_back(session, change, now), {}
    counts: Counter[str] = Counter()
    unranked: dict[str, int] = {}
    current = {
        (row.local_government_code, row.programme_year, row.subject): row
        for row in session.scalars(select(Ranking).where(Ranking.superseded_at.is_(None)))
    }
    parts = _parts(session, change, current)
    moved = {source for target, given in parts.items() for source in given if source != target}
    moved_to = {target for target, given in parts.items() if set(given) - {target}}
    for key in sorted(set(current) - moved - moved_to):
        counts["kept"] += key[0] in change.crosswalk.governments
    touched = moved | moved_to
    for key in touched & current.keys():
        current[key].superseded_at = now
    session.flush()
    for target, given in sorted(parts.items()):
        if target not in moved_to and target not in moved:
            continue
        orders = list(given.values())
        if len(given) > 1 and any(order != orders[0] for order in orders):
            counts["orphaned"] += 1
            unranked[target[0]] = target[1]
            continue
        source = min(given)
        kind = change.crosswalk.governments[source[0]].kind
        counts[kind] += 1
        _write(session, target, orders[0], current[source].ranked_by, now)
    return dict(counts), unranked


Order = tuple[UUID | str, ...]


def _parts(
    session: Session, change: Change, current: dict[Key, Ranking]
) -> dict[Key, dict[Key, Order]]:
    """Return for each body what every ranking says of what is its own now."""
    parts: dict[Key, dict[Key, Order]] = defaultdict(dict)
    for key, row in current.items():
        code, year, subject = key
        entry = change.crosswalk.governments.get(code)
        if entry is None or entry.kind == "kept":
            continue
        if subject == CATEGORIES:
            order: Order = tuple(
                session.scalars(
                    select(CategoryRank.category)
                    .where(CategoryRank.ranking_id == row.id)
                    .order_by(CategoryRank.rank)
                )
            )
            for successor in entry.successors:
                parts[successor, year, subject][key] = order
            continue
        own: dict[str, list[UUID]] = defaultdict(list)
        for proposal_id, owner in session.execute(
            select(ProposalRank.proposal_id, Proposal.local_government_code)
            .join(Proposal, Proposal.id == ProposalRank.proposal_id)
            .where(ProposalRank.ranking_id == row.id)
            .order_by(ProposalRank.rank)
        ):
            own[owner or code].append(proposal_id)
        for owner, ids in own.items():
            parts[owner, year, subject][key] = tuple(ids)
    return parts


def _write(session: Session, key: Key, order: Order, ranked_by: UUID, now: datetime) -> None:
    code, year, subject = key
    row = Ranking(
        id=new_id(),
        local_government_code=code,
        programme_year=year,
        subject=subject,
        ranked_by=ranked_by,
        ranked_at=now,
    )
    session.add(row)
    session.flush()
    for rank, item in enumerate(order, start=1):
        if subject == PROPOSALS and isinstance(item, UUID):
            session.add(ProposalRank(ranking_id=row.id, rank=rank, proposal_id=item))
        else:
            session.add(CategoryRank(ranking_id=row.id, rank=rank, category=str(item)))
    session.flush()


def _take_back(session: Session, change: Change, now: datetime) -> Counts:
    """Set aside the orders of bodies that go, and let those of bodies that return count again."""
    began = _time_of(session, change)
    changed = [
        entry.code for entry in change.crosswalk.governments.values() if entry.kind != "kept"
    ]
    session.execute(
        update(Ranking)
        .where(
            Ranking.local_government_code.in_(changed),
            Ranking.ranked_at == began,
            Ranking.superseded_at.is_(None),
        )
        .values(superseded_at=now)
    )
    held = {
        (row.local_government_code, row.programme_year, row.subject)
        for row in session.scalars(select(Ranking).where(Ranking.superseded_at.is_(None)))
    }
    restored = 0
    for row in session.scalars(select(Ranking).where(Ranking.superseded_at == began)):
        if (row.local_government_code, row.programme_year, row.subject) not in held:
            row.superseded_at = None
            restored += 1
    session.flush()
    return {"restored": restored} if restored else {}


def _time_of(session: Session, change: Change) -> datetime:
    row = session.get_one(BoundaryChange, change.undoes)
    return row.happened_at
