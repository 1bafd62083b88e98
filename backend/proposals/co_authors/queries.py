"""Owns how co-authors and their invitations are read."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from backend.errors import NotFound
from backend.proposals.co_authors.models import CoAuthor, CoAuthorInvitation


class CoAuthorNotFound(NotFound):
    """The proposal has no such co-author."""

    code = "co_author_not_found"
    ko = "이 제안에는 그런 공동 제안자가 없습니다."
    en = "The proposal has no such co-author."


class CoAuthorInvitationNotFound(NotFound):
    """No invitation has that token, or it was taken back."""

    code = "co_author_invitation_not_found"
    ko = "초대를 찾을 수 없습니다. 받은 초대 코드를 확인해 주세요."
    en = "There is no such invitation. Check the token that you were given."


def list_co_authors(session: Session, proposal_id: UUID) -> Sequence[CoAuthor]:
    """Return who writes a proposal besides its first author, who joined first at the front."""
    statement = select(CoAuthor).where(CoAuthor.proposal_id == proposal_id)
    return session.scalars(
        statement.options(joinedload(CoAuthor.account)).order_by(CoAuthor.joined_at, CoAuthor.id)
    ).all()


def find_co_author(session: Session, *, proposal_id: UUID, account_id: UUID) -> CoAuthor | None:
    """Return a person as a co-author of a proposal."""
    return session.scalar(
        select(CoAuthor).where(
            CoAuthor.proposal_id == proposal_id, CoAuthor.account_id == account_id
        )
    )


def get_co_author(session: Session, *, proposal_id: UUID, co_author_id: UUID) -> CoAuthor:
    """Return a co-author of a proposal.

    :raises CoAuthorNotFound: when it has no such one.
    """
    co_author = session.get(CoAuthor, co_author_id)
    if co_author is None or co_author.proposal_id != proposal_id:
        raise CoAuthorNotFound
    return co_author


def count_co_authors(session: Session, proposal_id: UUID) -> int:
    """Return how many write a proposal besides its first author."""
    statement = select(func.count()).where(CoAuthor.proposal_id == proposal_id)
    return session.scalar(statement) or 0


def find_invitation(session: Session, token: str) -> CoAuthorInvitation | None:
    """Return an invitation by its token."""
    return session.scalar(
        select(CoAuthorInvitation)
        .where(CoAuthorInvitation.token_sha256 == digest(token))
        .execution_options(populate_existing=True)
    )


def list_open_invitations(
    session: Session, *, proposal_id: UUID, now: datetime
) -> Sequence[CoAuthorInvitation]:
    """Return the invitations to a proposal that can still be accepted, the oldest first."""
    return session.scalars(
        select(CoAuthorInvitation)
        .where(
            CoAuthorInvitation.proposal_id == proposal_id,
            CoAuthorInvitation.accepted_at.is_(None),
            CoAuthorInvitation.expires_at > now,
        )
        .order_by(CoAuthorInvitation.invited_at, CoAuthorInvitation.id)
    ).all()


def digest(token: str) -> str:
    """Return what is kept of a token."""
    return sha256(token.encode()).hexdigest()
