"""Owns how it is read who follows and who backs what."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from backend.pagination import Page, paginate
from backend.proposals.follows.models import Follow
from backend.proposals.models import Endorsement
from backend.proposals.queries import PUBLIC_FACTS


def list_follower_ids(session: Session, proposal_id: UUID) -> list[UUID]:
    """Return the accounts that follow a proposal."""
    statement = select(Follow.account_id).where(Follow.proposal_id == proposal_id)
    return list(session.scalars(statement.order_by(Follow.account_id)))


def is_followed_by(session: Session, *, proposal_id: UUID, account_id: UUID) -> bool:
    """Tell whether a person follows a proposal."""
    return session.get(Follow, (proposal_id, account_id)) is not None


def list_followed(session: Session, *, account_id: UUID, limit: int, after: str | None) -> Page:
    """Return what a person follows, what they followed last first."""
    return paginate(
        session,
        select(Follow)
        .where(Follow.account_id == account_id)
        .options(selectinload(Follow.proposal).options(*PUBLIC_FACTS)),
        Follow.created_at,
        Follow.proposal_id,
        limit=limit,
        after=after,
        descending=True,
    )


def list_endorsed(session: Session, *, account_id: UUID, limit: int, after: str | None) -> Page:
    """Return what a person backs, what they backed last first."""
    return paginate(
        session,
        select(Endorsement)
        .where(Endorsement.account_id == account_id)
        .options(selectinload(Endorsement.proposal).options(*PUBLIC_FACTS)),
        Endorsement.created_at,
        Endorsement.proposal_id,
        limit=limit,
        after=after,
        descending=True,
    )
