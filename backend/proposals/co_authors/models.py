"""Owns the rows of co-authors and of the invitations by which they came."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.accounts.models import Account
from backend.db import Id
from geo.orm import Base


class CoAuthor(Base):
    """Somebody who writes a proposal with its first author; the row goes when they leave.

    The id is what others call them by: an account's id is nobody's business.
    """

    __tablename__ = "co_author"
    __table_args__ = (UniqueConstraint("proposal_id", "account_id"), Index(None, "account_id"))

    id: Mapped[Id]
    proposal_id: Mapped[UUID] = mapped_column(ForeignKey("proposal.id", ondelete="CASCADE"))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    joined_at: Mapped[datetime]

    account: Mapped[Account] = relationship(viewonly=True)


class CoAuthorInvitation(Base):
    """An invitation to write a proposal together, for whoever holds its token, once.

    Only the token's SHA-256 is kept.
    """

    __tablename__ = "co_author_invitation"
    __table_args__ = (
        UniqueConstraint("token_sha256"),
        CheckConstraint("expires_at > invited_at", name="expires_after_invited"),
        CheckConstraint("(accepted_at IS NULL) = (accepted_by IS NULL)", name="accepted_by"),
        Index(None, "proposal_id"),
        Index(None, "accepted_by"),
    )

    id: Mapped[Id]
    proposal_id: Mapped[UUID] = mapped_column(ForeignKey("proposal.id", ondelete="CASCADE"))
    token_sha256: Mapped[str]
    invited_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    accepted_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
