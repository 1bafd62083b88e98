"""Owns what separates two proposals again: both at the office as before, and everybody told."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.audit.service import record
from backend.organizations.queries import get_local_government_organization
from backend.proposals.merges.models import ProposalMerge
from backend.proposals.merges.queries import list_merges_into
from backend.proposals.merges.service import lock_chain, mark_separated
from backend.proposals.models import Proposal
from backend.reviews.merges.notices import Affair, tell_separated
from backend.reviews.models import Decision, Review
from backend.reviews.states import reopen


def separate(
    session: Session,
    merge: ProposalMerge,
    chain: Sequence[Proposal],
    *,
    actor_id: UUID,
    reason: str | None,
    now: datetime,
) -> None:
    """Undo a merge, whatever the rules say about when.

    :param chain: as `lock_chain` returns it.
    :param reason: None when the survivor was withdrawn.
    """
    merged, survivor = chain[0], chain[1]
    mark_separated(session, merge, chain, reason=reason, actor_id=actor_id, now=now)
    _reopen_review(session, merged)
    government = get_local_government_organization(session, merged.local_government_code or "")
    tell_separated(session, Affair(merge, merged, survivor, government), now)
    record(
        session,
        action="proposal.separated",
        subject_type="proposal",
        subject_id=merged.id,
        actor_id=actor_id,
        now=now,
        chain=str(government.id),
        data={"merge": str(merge.id), "from": str(survivor.id)},
    )


def separate_from(session: Session, survivor_id: UUID, *, actor_id: UUID, now: datetime) -> None:
    """Let everything that was merged into a proposal stand by itself, since it is withdrawn.

    :param actor_id: who withdraws it; merges are held.
    """
    for merge in list_merges_into(session, survivor_id):
        chain = lock_chain(session, merge)
        separate(session, merge, chain, actor_id=actor_id, reason=None, now=now)


def _reopen_review(session: Session, proposal: Proposal) -> None:
    """Bring back the review that the merge closed, at the body that is competent by now."""
    review = session.scalars(
        select(Review)
        .where(Review.proposal_id == proposal.id, Review.state == "merged")
        .order_by(Review.received_at.desc(), Review.id.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    ).one()
    paused_at = None
    if proposal.status == "supplement_requested":
        paused_at = session.scalar(
            select(Decision.decided_at)
            .where(Decision.review_id == review.id, Decision.outcome == "supplement_requested")
            .order_by(Decision.decided_at.desc())
            .limit(1)
        )
    review.local_government_code = proposal.local_government_code or ""
    reopen(review, paused_at=paused_at)
    session.flush()
