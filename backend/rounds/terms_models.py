"""Owns the rows of what becomes of a round's terms: notices, policy versions, money, interests.

Notices, versions and transfers are records: a trigger lets them be written once only.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.db import Id
from backend.rounds.call_models import BudgetArea
from geo.orm import Base

NOTICE_KINDS = ("corrected", "extended", "cancelled", "policy_changed", "offer_withdrawn")

INTEREST_SUBJECTS = ("supplier", "product", "institution")


class RoundNotice(Base):
    """What changed of a round after it was announced, and why; everybody reads it.

    `changes` tells per field what it was and what it is: ``{"closes_at": ["...", "..."]}``.
    """

    __tablename__ = "round_notice"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('corrected', 'extended', 'cancelled', 'policy_changed', 'offer_withdrawn')",
            name="kind",
        ),
        Index(None, "round_id", "id"),
    )

    id: Mapped[Id]
    round_id: Mapped[UUID] = mapped_column(ForeignKey("round.id"))
    kind: Mapped[str]
    reason: Mapped[str]
    changes: Mapped[dict[str, list[Any]]] = mapped_column(JSONB)
    issued_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    issued_at: Mapped[datetime]


class PolicyVersion(Base):
    """The rules of a round as they were from one moment on, and which of them changed then."""

    __tablename__ = "round_policy_version"
    __table_args__ = (CheckConstraint("version >= 1", name="from_one"),)

    round_id: Mapped[UUID] = mapped_column(ForeignKey("round.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    policy: Mapped[dict[str, Any]] = mapped_column(JSONB)
    changed_fields: Mapped[list[str]] = mapped_column(ARRAY(Text))
    reason: Mapped[str | None]
    changed_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    changed_at: Mapped[datetime]


class BudgetTransfer(Base):
    """Money that went from one area of a round to another; both are of one kind and year."""

    __tablename__ = "budget_transfer"
    __table_args__ = (
        ForeignKeyConstraint(
            ["from_area_id", "round_id"], ["budget_area.id", "budget_area.round_id"]
        ),
        ForeignKeyConstraint(
            ["to_area_id", "round_id"], ["budget_area.id", "budget_area.round_id"]
        ),
        CheckConstraint("amount_krw > 0", name="amount_positive"),
        CheckConstraint("from_area_id <> to_area_id", name="between_two_areas"),
        Index(None, "round_id", "id"),
        Index(None, "from_area_id"),
        Index(None, "to_area_id"),
    )

    id: Mapped[Id]
    round_id: Mapped[UUID] = mapped_column(ForeignKey("round.id"))
    from_area_id: Mapped[UUID]
    to_area_id: Mapped[UUID]
    amount_krw: Mapped[int] = mapped_column(BigInteger)
    vat_included: Mapped[bool]
    budget_year: Mapped[int]
    reason: Mapped[str]
    transferred_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    transferred_at: Mapped[datetime]

    from_area: Mapped[BudgetArea] = relationship(
        primaryjoin="BudgetTransfer.from_area_id == BudgetArea.id",
        foreign_keys="BudgetTransfer.from_area_id",
        viewonly=True,
    )
    to_area: Mapped[BudgetArea] = relationship(
        primaryjoin="BudgetTransfer.to_area_id == BudgetArea.id",
        foreign_keys="BudgetTransfer.to_area_id",
        viewonly=True,
    )


class DeclaredInterest(Base):
    """That a person is not impartial about something of a round, in the person's own words.

    The subject is named by type and id: a supplier's or institution's organization, or a product.
    """

    __tablename__ = "declared_interest"
    __table_args__ = (
        UniqueConstraint(
            *("round_id", "account_id", "subject_type", "subject_id"),
            name="uq_declared_interest_once",
        ),
        CheckConstraint(
            "subject_type IN ('supplier', 'product', 'institution')", name="subject_type"
        ),
    )

    id: Mapped[Id]
    round_id: Mapped[UUID] = mapped_column(ForeignKey("round.id"))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    subject_type: Mapped[str]
    subject_id: Mapped[UUID]
    text: Mapped[str]
    declared_at: Mapped[datetime]
