"""Owns following a proposal, and where a person stands towards one."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from backend.audit.service import record
from backend.proposals.follows.models import Follow
from backend.proposals.follows.queries import is_followed_by
from backend.proposals.models import Proposal
from backend.proposals.queries import is_endorsed_by


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a person stands towards a proposal.

    :param role: ``author``, ``co_author``, or None for anybody else.
    """

    role: str | None
    endorsed: bool
    following: bool


def follow(session: Session, *, proposal_id: UUID, account_id: UUID, now: datetime) -> None:
    """Follow a proposal in any state; a second time changes nothing."""
    begun = session.execute(
        insert(Follow)
        .values(proposal_id=proposal_id, account_id=account_id, created_at=now)
        .on_conflict_do_nothing()
        .returning(Follow.proposal_id)
    ).all()
    if begun:
        _record(session, "proposal.followed", proposal_id, account_id, now)


def stop_following(session: Session, *, proposal_id: UUID, account_id: UUID, now: datetime) -> None:
    """Follow a proposal no more; a second time changes nothing."""
    gone = session.execute(
        delete(Follow)
        .where(Follow.proposal_id == proposal_id, Follow.account_id == account_id)
        .returning(Follow.proposal_id)
    ).all()
    if gone:
        _record(session, "proposal.unfollowed", proposal_id, account_id, now)


def find_standing(session: Session, proposal: Proposal, account_id: UUID) -> Standing:
    """Return where a person stands towards a proposal."""
    role = None
    if proposal.is_written_by(account_id):
        role = "author" if proposal.author_id == account_id else "co_author"
    return Standing(
        role,
        is_endorsed_by(session, proposal_id=proposal.id, account_id=account_id),
        is_followed_by(session, proposal_id=proposal.id, account_id=account_id),
    )


def _record(
    session: Session, action: str, proposal_id: UUID, account_id: UUID, now: datetime
) -> None:
    record(
        session,
        action=action,
        subject_type="proposal",
        subject_id=proposal_id,
        actor_id=account_id,
        now=now,
    )
