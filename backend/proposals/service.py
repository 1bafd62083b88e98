"""Owns the life of a proposal after its draft, for the domains that decide about it.

Callers lock first (`queries.lock_proposal`), write their own audit event, and hold the rules of
who may: what is here keeps the row, its times and its thread right.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from backend.accounts.models import Residence
from backend.db import new_id
from backend.errors import Conflict
from backend.proposals.models import Proposal, ProposalEvent
from backend.proposals.states import ProposalTransition, move

RECENT_MOVE = timedelta(days=30)
"""A residence declared within this time before the submission is flagged to the reviewer.

A first declaration counts too: where its author lived before is not known.
"""


class ProposalIncomplete(Conflict):
    """A draft still lacks something that every submission has."""

    code = "proposal_incomplete"
    ko = "제출하기 전에 다음을 채워 주세요: {name_ko}"
    en = "Before the submission, fill in {name_en}."


class ResidenceNotDeclared(Conflict):
    """The author has not said where they live, which decides who is served first."""

    code = "residence_not_declared"
    ko = "제출하기 전에 사는 동네를 등록해 주세요."
    en = "Declare where you live before you submit."


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

    The residence of the first submission counts for ever: a move in between earns nothing.

    :param residence: what is on record now; not needed when it was submitted before.
    :raises ProposalTransition: when it is neither a draft nor waiting for a supplement.
    :raises ProposalIncomplete: when the problem or the place is missing.
    :raises ResidenceNotDeclared: when no residence is on record.
    """
    first = proposal.submitted_at is None
    with session.no_autoflush:
        move(proposal, "submitted", now)
        if proposal.problem is None:
            raise ProposalIncomplete(
                field="proposal.problem", name_ko="문제", name_en="the problem"
            )
        if proposal.emd_code is None:
            raise ProposalIncomplete(field="proposal.place", name_ko="장소", name_en="the place")
        if first:
            _take_residence(proposal, residence, now)
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
    proposal.updated_at = now
    session.flush()


def _take_residence(proposal: Proposal, residence: Residence | None, now: datetime) -> None:
    if residence is None:
        raise ResidenceNotDeclared
    proposal.residence_code = residence.region_code
    proposal.residence_generation_id = residence.generation_id
    proposal.residence_confirmed = residence.confirmed_at is not None
    proposal.residence_moved_recently = now - residence.declared_at < RECENT_MOVE
