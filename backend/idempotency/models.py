"""Owns the rows of kept answers; they lie below the accounts, hence no foreign key."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from geo.orm import Base

FINGERPRINT_BYTES = 32


class KeptAnswer(Base):
    """What a write answered, for the account that may ask for it again with the same key."""

    __tablename__ = "kept_answer"
    __table_args__ = (
        CheckConstraint(
            f"octet_length(fingerprint) = {FINGERPRINT_BYTES}", name="fingerprint_length"
        ),
        CheckConstraint("status BETWEEN 200 AND 299", name="status_of_success"),
        Index(None, "kept_at"),
    )

    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary)
    """SHA-256 of method, address and body: the same key with another one is refused."""
    status: Mapped[int]
    headers: Mapped[list[Any]] = mapped_column(JSONB)
    """Pairs of name and value, as the view gave them."""
    body: Mapped[bytes] = mapped_column(LargeBinary)
    kept_at: Mapped[datetime]
