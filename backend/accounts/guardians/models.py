"""Owns the rows of guardians' consents: whom to ask until it is answered, then only the answer."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.db import Id
from geo.orm import Base


class GuardianConsent(Base):
    """A guardian who was asked for a child, and what they said.

    The address is a third person's: it is kept while the question is open and not a moment longer.
    """

    __tablename__ = "guardian_consent"
    __table_args__ = (
        UniqueConstraint("token_sha256"),
        Index(None, "account_id"),
        CheckConstraint("(decided_at IS NULL) = (agreed IS NULL)", name="decided_whole"),
        CheckConstraint("decided_at IS NULL OR contact IS NULL", name="contact_until_decided"),
        CheckConstraint("expires_at >= asked_at", name="expires_after_asked"),
    )

    id: Mapped[Id]
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    contact: Mapped[str | None]
    token_sha256: Mapped[str]
    version: Mapped[str]
    """Of the guardians' document that was asked about."""
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    agreed: Mapped[bool | None]
