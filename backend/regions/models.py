"""Owns the rows of boundary changes: the change, what it moved, and what it leaves to people.

They lie below every domain that has records to move, and so name a record by type and id without
a foreign key, as notices do.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from backend.db import Id
from geo.orm import Base


class BoundaryChange(Base):
    """One change of the generation in force, with the report of what it did to the records.

    `undoes_id` is set on a roll-back, `rolled_back_at` on the change that it undoes.
    """

    __tablename__ = "boundary_change"
    __table_args__ = (
        CheckConstraint("old_generation_id <> new_generation_id", name="generations_differ"),
        Index(None, "new_generation_id"),
    )

    id: Mapped[Id]
    old_generation_id: Mapped[int] = mapped_column(ForeignKey("region_generation.id"))
    new_generation_id: Mapped[int] = mapped_column(ForeignKey("region_generation.id"))
    undoes_id: Mapped[UUID | None] = mapped_column(ForeignKey("boundary_change.id"))
    happened_at: Mapped[datetime]
    actor_id: Mapped[UUID | None]
    """The account that changed it, None for the operator."""
    report: Mapped[dict[str, Any]] = mapped_column(JSONB)
    rolled_back_at: Mapped[datetime | None]


class RecordMove(Base):
    """What a change did to one record: its codes before and after, by column.

    An orphaned record stays as it was until somebody decides; then `after` holds the decision.
    """

    __tablename__ = "record_move"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('kept', 'renamed', 'split', 'merged', 'orphaned', 'restored')", name="kind"
        ),
        Index(None, "subject_type", "subject_id"),
    )

    change_id: Mapped[UUID] = mapped_column(ForeignKey("boundary_change.id"), primary_key=True)
    subject_type: Mapped[str] = mapped_column(primary_key=True)
    subject_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    before: Mapped[dict[str, Any]] = mapped_column(JSONB)
    after: Mapped[dict[str, Any]] = mapped_column(JSONB)


class BoundaryCase(Base):
    """A record about which a person has to decide after a change of the boundaries.

    `account_id` is the person it concerns, without a foreign key: accounts lie above.
    """

    __tablename__ = "boundary_case"
    __table_args__ = (
        CheckConstraint(
            "reason IN ('no_successor', 'several_successors', 'jurisdiction_divided')",
            name="reason",
        ),
        CheckConstraint("outcome IN ('decided', 'rolled_back')", name="outcome"),
        CheckConstraint("(outcome IS NULL) = (closed_at IS NULL)", name="outcome_of_closed"),
        Index(
            "uq_boundary_case_open",
            "subject_type",
            "subject_id",
            unique=True,
            postgresql_where="closed_at IS NULL",
        ),
        Index(None, "change_id", "id"),
        Index(None, "account_id"),
    )

    id: Mapped[Id]
    change_id: Mapped[UUID] = mapped_column(ForeignKey("boundary_change.id"))
    subject_type: Mapped[str]
    subject_id: Mapped[UUID]
    account_id: Mapped[UUID | None]
    codes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    """What the record has."""
    candidates: Mapped[list[str]] = mapped_column(ARRAY(Text))
    """What became of that; empty where nothing did."""
    reason: Mapped[str]
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[UUID | None]
    outcome: Mapped[str | None]
    decided_codes: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
