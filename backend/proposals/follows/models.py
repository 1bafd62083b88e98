"""Owns the rows of who follows what."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.proposals.models import Proposal
from geo.orm import Base


class Follow(Base):
    """One person's wish to hear what becomes of one proposal."""

    __tablename__ = "proposal_follow"
    __table_args__ = (Index(None, "account_id", "created_at", "proposal_id"),)

    proposal_id: Mapped[UUID] = mapped_column(
        ForeignKey("proposal.id", ondelete="CASCADE"), primary_key=True
    )
    account_id: Mapped[UUID] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    created_at: Mapped[datetime]

    proposal: Mapped[Proposal] = relationship(viewonly=True)
