"""Owns whose copies hold which proposals: their authors', and who backs or follows them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import CompoundSelect, select, union
from sqlalchemy.orm import Session

from backend.proposals.co_authors.models import CoAuthor
from backend.proposals.facts import WithoutResidence
from backend.proposals.follows.models import Follow
from backend.proposals.models import Endorsement, Proposal
from backend.proposals.queries import list_proposals

BACKING: tuple[type[Endorsement | Follow], ...] = (Endorsement, Follow)
"""What makes a person keep a copy of what somebody else proposed."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A proposal as one person may keep it: as its authors see it, or as everybody does."""

    proposal: Proposal | WithoutResidence
    is_own: bool


def subscriptions_of(account_id: UUID) -> CompoundSelect[UUID]:
    """Return the statement of the proposals whose changes concern a person, as `id`."""
    return union(
        select(Proposal.id).where(Proposal.author_id == account_id),
        select(CoAuthor.proposal_id).where(CoAuthor.account_id == account_id),
        *(select(table.proposal_id).where(table.account_id == account_id) for table in BACKING),
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
    backed = {
        proposal_id
        for table in BACKING
        for proposal_id in session.scalars(
            select(table.proposal_id).where(
                table.account_id == account_id, table.proposal_id.in_(proposal_ids)
            )
        )
    }
    copies = {}
    for proposal in list_proposals(session, proposal_ids):
        if proposal.author_id == account_id:
            copies[proposal.id] = Copy(proposal, is_own=True)
        elif proposal.is_written_by(account_id):
            copies[proposal.id] = Copy(WithoutResidence(proposal), is_own=True)
        elif proposal.id in backed and proposal.is_public and proposal.status != "merged":
            copies[proposal.id] = Copy(proposal, is_own=False)
    return copies
