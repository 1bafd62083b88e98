"""Owns the rows of addresses that people want to change to, until they confirm them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from geo.orm import Base


class EmailChange(Base):
    """The address that a person wants to have; asking anew replaces it."""

    __tablename__ = "email_change"
    __table_args__ = (
        CheckConstraint("email = lower(email)", name="email_lower"),
        Index(None, "requested_at"),
    )

    account_id: Mapped[UUID] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    email: Mapped[str]
    requested_at: Mapped[datetime]
