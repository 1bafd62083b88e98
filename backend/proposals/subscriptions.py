"""Owns whose copies hold which proposals: the author's own, and those that a person backs."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import CompoundSelect, select, union
from sqlalchemy.orm import Session

from backend.proposals.models import Endorsement, Proposal
from backend.proposals.queries import list_proposals


@dataclass(frozen=True, slots=True)
class Copy:
    """A proposal as one person may keep it: as its author sees it, or as everybody does."""

    proposal: Proposal
    is_own: bool


def subscriptions_of(account_id: UUID) -> CompoundSelect[UUID]:
    """Return the statement of the proposals whose changes concern a person, as `id`."""
    return union(
        select(Proposal.id).where(Proposal.author_id == account_id),
        select(Endorsement.proposal_id).where(Endorsement.account_id == account_id),
    )


def list_subscriptions(
    session: Session, *, account_id: UUID, after: UUID | None, limit: int
) -> Sequence[UUID]:
    """Return which proposals concern a person, in order of their ids.

    :param after: the last one that was read.
    """
    followed = subscriptions_of(account_id).subquery()
    statement = select(followed.c.id).order_by(followed.c.id).limit(limit)
    if after is not None:
        statement = statement.where(followed.c.id > after)
    return session.scalars(statement).all()


def find_copies(
    session: Session, *, account_id: UUID, proposal_ids: Collection[UUID]
) -> Mapping[UUID, Copy]:
    """Return those proposals that a person may keep a copy of; others are left out."""
    backed = set(
        session.scalars(
            select(Endorsement.proposal_id).where(
                Endorsement.account_id == account_id, Endorsement.proposal_id.in_(proposal_ids)
            )
        )
    )
    copies = {}
    for proposal in list_proposals(session, proposal_ids):
        is_own = proposal.author_id == account_id
        if is_own or (proposal.is_public and proposal.id in backed):
            copies[proposal.id] = Copy(proposal, is_own)
    return copies
