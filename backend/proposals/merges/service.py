"""Owns merging a proposal into an earlier one and separating them again, rows and counts right.

Callers write events, notices and audit, and hold the rules of who may; what is here serializes
merges, moves the backing and keeps the chain of survivors true.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select, text, update
from sqlalchemy.orm import Session

from backend.db import new_id
from backend.proposals.merges.carrying import carry_over, take_back
from backend.proposals.merges.models import ProposalMerge
from backend.proposals.merges.queries import find_standing_merge
from backend.proposals.models import Proposal
from backend.proposals.states import move, restore

MERGES = 0x6D657267
"""Advisory lock ("merg") of who locks several proposals: taken before any of their rows."""


def hold_merges(session: Session) -> None:
    """Let no other merge or undo run until the transaction ends, so that chains stand still."""
    session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MERGES})


def lock_proposals(session: Session, proposal_ids: Sequence[UUID]) -> dict[UUID, Proposal]:
    """Return those of the proposals that there are, locked in the order of their ids."""
    statement = (
        select(Proposal)
        .where(Proposal.id.in_(proposal_ids))
        .order_by(Proposal.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return {proposal.id: proposal for proposal in session.scalars(statement)}


def lock_chain(session: Session, merge: ProposalMerge) -> list[Proposal]:
    """Return a merged proposal, its survivor, and what that is a part of in turn, all locked."""
    ids = [merge.merged_id, merge.survivor_id]
    while (above := find_standing_merge(session, ids[-1])) is not None:
        ids.append(above.survivor_id)
    locked = lock_proposals(session, ids)
    return [locked[proposal_id] for proposal_id in ids]


def mark_merged(
    session: Session,
    merged: Proposal,
    survivor: Proposal,
    *,
    reason: str,
    actor_id: UUID,
    now: datetime,
) -> ProposalMerge:
    """Make a locked proposal a part of another locked one that stands by itself.

    :raises ProposalTransition: when it is not under review.
    """
    before = merged.status
    move(merged, "merged", now)
    merge = ProposalMerge(
        id=new_id(),
        merged_id=merged.id,
        survivor_id=survivor.id,
        end_id=survivor.id,
        reason=reason,
        status_before=before,
        merged_by=actor_id,
        merged_at=now,
    )
    session.add(merge)
    session.flush()
    _move_end(session, ProposalMerge.end_id == merged.id, survivor.id, now)
    survivor.updated_at = now
    carry_over(session, merge, survivor)
    session.flush()
    return merge


def mark_separated(
    session: Session,
    merge: ProposalMerge,
    chain: Sequence[Proposal],
    *,
    reason: str | None,
    actor_id: UUID,
    now: datetime,
) -> None:
    """Undo a merge: everything is as before, and as it came to be by people's own acts since.

    :param chain: as `lock_chain` returns it.
    :param reason: None when the survivor was withdrawn.
    """
    merged, *survivors = chain
    merge.undone_by = actor_id
    merge.undone_at = now
    merge.undo_reason = reason
    session.flush()
    take_back(session, merge, survivors)
    parts = select(ProposalMerge.id, ProposalMerge.merged_id).where(
        ProposalMerge.survivor_id == merged.id, ProposalMerge.undone_at.is_(None)
    )
    tree = parts.cte("tree", recursive=True)
    below = select(ProposalMerge.id, ProposalMerge.merged_id).join(
        tree, ProposalMerge.survivor_id == tree.c.merged_id
    )
    tree = tree.union_all(below.where(ProposalMerge.undone_at.is_(None)))
    _move_end(session, ProposalMerge.id.in_(select(tree.c.id)), merged.id, now)
    for survivor in survivors:
        survivor.updated_at = now
    restore(merged, merge.status_before, now)
    session.flush()


def _move_end(session: Session, which: ColumnElement[bool], end_id: UUID, now: datetime) -> None:
    """Say of parts of a chain where it ends by now; whoever keeps a copy of one hears of it."""
    moved = session.scalars(
        update(ProposalMerge)
        .where(which, ProposalMerge.undone_at.is_(None))
        .values(end_id=end_id)
        .returning(ProposalMerge.merged_id)
    ).all()
    session.execute(update(Proposal).where(Proposal.id.in_(moved)).values(updated_at=now))
