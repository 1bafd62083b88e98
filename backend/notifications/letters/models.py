"""Owns the rows that tell which address of whom was confirmed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from geo.orm import Base


class EmailConfirmation(Base):
    """That a person asked to confirm an address, and did; it counts while the account has it."""

    __tablename__ = "email_confirmation"
    __table_args__ = (CheckConstraint("confirmed_at >= requested_at", name="confirmed_after"),)

    account_id: Mapped[UUID] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    email: Mapped[str]
    requested_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
