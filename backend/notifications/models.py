"""Owns the rows of notices."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from backend.db import Id
from geo.orm import Base


class Notice(Base):
    """Something one person is told: what happened to what, with the words' parameters.

    The subject is named by type and id without a foreign key, because notices lie below the
    domains that send them.
    """

    __tablename__ = "notice"
    __table_args__ = (
        Index("ix_notice_recipient", "recipient_id", "id"),
        Index("ix_notice_unread", "recipient_id", "id", postgresql_where="read_at IS NULL"),
        Index("ix_notice_subject", "subject_id", "recipient_id"),
    )

    id: Mapped[Id]
    recipient_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    kind: Mapped[str]
    subject_type: Mapped[str]
    subject_id: Mapped[UUID]
    params: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
