"""Owns the life of a proposal after its draft, for the domains that decide about it.

Callers lock first (`queries.lock_proposal`), write their own audit event, and hold the rules of
who may: what is here keeps the row, its times and its thread right.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from backend.accounts.models import Residence
from backend.db import new_id
from backend.proposals.checks import find_checks, moved_recently, refuse_unless_ready
from backend.proposals.events import ProposalEvent
from backend.proposals.models import Proposal
from backend.proposals.states import ProposalTransition, move
from backend.proposals.versions.service import keep_version


def append_event(
    session: Session,
    *,
    proposal_id: UUID,
    kind: str,
    actor_id: UUID | None,
    data: Mapping[str, Any],
    public: bool,
    now: datetime,
) -> ProposalEvent:
    """Add to the thread of what happened to a proposal.

    :param kind: a past participle or noun in snake case, such as ``adopted``.
    :param actor_id: kept for the office, never shown.
    :param data: what the readers of the event may see, as JSON.
    :param public: whether everybody may read it, or only the author and the office.
    """
    event = ProposalEvent(
        id=new_id(),
        proposal_id=proposal_id,
        kind=kind,
        actor_id=actor_id,
        data=dict(data),
        public=public,
        occurred_at=now,
    )
    session.add(event)
    return event


def mark_submitted(
    session: Session, proposal: Proposal, *, residence: Residence | None, now: datetime
) -> None:
    """Submit a locked draft with its author's residence, or hand in what was asked for.

    What it says now is kept as a version. The residence of the first author at the first
    submission counts for ever: a move in between earns nothing, nor does a co-author's.

    :param residence: what is on record now; not needed when it was submitted before.
    :raises ProposalTransition: when it is neither a draft nor waiting for a supplement.
    :raises ProposalIncomplete: when the problem or the place is missing.
    :raises ResidenceNotDeclared: when no residence is on record.
    :raises LocalGovernmentNotReady: when nobody could review it.
    """
    first = proposal.submitted_at is None
    checks = find_checks(session, proposal, residence=residence, now=now)
    with session.no_autoflush:
        move(proposal, "submitted", now)
        refuse_unless_ready(checks)
        if first and residence is not None:
            _take_residence(proposal, residence, now)
    session.flush()
    keep_version(session, proposal, kind="submitted" if first else "resubmitted", now=now)


def start_review(session: Session, proposal: Proposal, *, actor_id: UUID, now: datetime) -> None:
    """Note that the office reads a locked proposal, which its authors change no more unasked.

    Only the first time counts, and only while it is under review.
    """
    if proposal.status != "submitted" or proposal.review_started_at is not None:
        return
    proposal.review_started_at = now
    append_event(
        session,
        proposal_id=proposal.id,
        kind="review_started",
        actor_id=actor_id,
        data={},
        public=True,
        now=now,
    )
    session.flush()


def mark_supplement_requested(session: Session, proposal: Proposal, *, now: datetime) -> None:
    """Send a locked proposal back to its author, who may then change it.

    :raises ProposalTransition: when it is not under review.
    """
    move(proposal, "supplement_requested", now)
    session.flush()


def mark_adopted(session: Session, proposal: Proposal, *, now: datetime) -> None:
    """Adopt a locked proposal.

    :raises ProposalTransition: when it is not under review.
    """
    move(proposal, "adopted", now)
    session.flush()


def mark_rejected(session: Session, proposal: Proposal, *, now: datetime) -> None:
    """Reject a locked proposal.

    :raises ProposalTransition: when it is not at the local government.
    """
    move(proposal, "rejected", now)
    session.flush()


def mark_withdrawn(session: Session, proposal: Proposal, *, now: datetime) -> None:
    """Withdraw a locked proposal for its author.

    :raises ProposalTransition: when it was decided, or never submitted.
    """
    move(proposal, "withdrawn", now)
    session.flush()


def transfer_to(
    session: Session, proposal: Proposal, *, local_government_code: str, now: datetime
) -> None:
    """Make another local government competent for a locked proposal, which stays submitted.

    :raises ProposalTransition: when it is not under review.
    """
    if proposal.status != "submitted":
        raise ProposalTransition(current=proposal.status, target="transferred")
    proposal.local_government_code = local_government_code
    proposal.review_started_at = proposal.review_started_at or now
    proposal.updated_at = now
    session.flush()


def _take_residence(proposal: Proposal, residence: Residence, now: datetime) -> None:
    proposal.residence_code = residence.region_code
    proposal.residence_generation_id = residence.generation_id
    proposal.residence_confirmed = residence.confirmed_at is not None
    proposal.residence_moved_recently = moved_recently(residence, now)
