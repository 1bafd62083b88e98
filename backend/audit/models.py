"""Owns the audit tables; the database fills the chain's columns and refuses every change of a row.

The trigger functions are in the migrations; what goes into a hash is in `backend.audit.chain`.
"""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, FetchedValue, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from geo.orm import Base

HASH_BYTES = 32


class AuditEvent(Base):
    """One thing that somebody did to something, linked to the event before it in its chain."""

    __tablename__ = "audit_event"
    __table_args__ = (
        CheckConstraint("seq > 0", name="seq_positive"),
        CheckConstraint(f"octet_length(prev_hash) = {HASH_BYTES}", name="prev_hash_length"),
        CheckConstraint(f"octet_length(hash) = {HASH_BYTES}", name="hash_length"),
        CheckConstraint("json_typeof(data::json) = 'object'", name="data_object"),
        Index(None, "subject_type", "subject_id", "occurred_at"),
        Index(None, "actor_id", "occurred_at"),
        # Whose facts were seen, for those who ask who saw theirs.
        Index(
            "ix_audit_event_facts_read",
            text("(data::jsonb -> 'proposals')"),
            postgresql_using="gin",
            postgresql_where=text("action = 'review.private_facts_read'"),
        ),
    )

    chain: Mapped[str] = mapped_column(primary_key=True)
    """An organization's id, or ``public``."""
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, server_default=FetchedValue())
    """1, 2, 3 and so on within the chain; given by the database."""
    occurred_at: Mapped[datetime]
    actor_id: Mapped[UUID | None]
    """The account that acted, None for the system; no foreign key, so that accounts can go."""
    action: Mapped[str]
    """``<domain>.<verb>``, such as ``proposal.submit``."""
    subject_type: Mapped[str]
    subject_id: Mapped[str]
    data: Mapped[str]
    """A JSON object as text: jsonb would not give back the bytes that were hashed."""
    prev_hash: Mapped[bytes] = mapped_column(LargeBinary, server_default=FetchedValue())
    hash: Mapped[bytes] = mapped_column(LargeBinary, server_default=FetchedValue())

    @property
    def facts(self) -> dict[str, Any]:
        """Return `data` as an object."""
        facts: dict[str, Any] = json.loads(self.data)
        return facts


class AuditPublishedHead(Base):
    """The end of a chain as it was made known on a day: no event up to it can go unnoticed."""

    __tablename__ = "audit_published_head"
    __table_args__ = (CheckConstraint(f"octet_length(hash) = {HASH_BYTES}", name="hash_length"),)

    chain: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    hash: Mapped[bytes] = mapped_column(LargeBinary)
    published_at: Mapped[datetime]
