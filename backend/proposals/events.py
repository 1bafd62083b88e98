"""Owns the rows of what happened to proposals."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from backend.db import Id
from geo.orm import Base


class ProposalEvent(Base):
    """One thing that happened to a proposal: the thread that upper domains append to.

    `data` holds codes and sentences that the reader of the event may see; who acted is kept for
    the office and never shown to strangers.
    """

    __tablename__ = "proposal_event"
    __table_args__ = (
        CheckConstraint("jsonb_typeof(data) = 'object'", name="data_object"),
        Index(None, "proposal_id", "occurred_at", "id"),
        Index(None, "actor_id"),
    )

    id: Mapped[Id]
    proposal_id: Mapped[UUID] = mapped_column(ForeignKey("proposal.id", ondelete="CASCADE"))
    kind: Mapped[str]
    actor_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    data: Mapped[dict[str, Any]] = mapped_column(JSONB)
    public: Mapped[bool]
    occurred_at: Mapped[datetime]
