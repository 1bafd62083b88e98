"""Owns the rows of what a plan is computed from: frozen inputs, and the seed of two people."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from backend.db import Id
from geo.orm import Base


class FrozenInputs(Base):
    """The instance of a round without its seed, and which future public number the seed will be.

    A trigger keeps it from changing; a later freeze or a correction takes its place, once, and
    both stay there to be read. `requests` holds for each request the institution, the offer, the
    application and the residence tier; `changes` is what differs from the version before.
    """

    __tablename__ = "round_inputs"
    __table_args__ = (
        UniqueConstraint("round_id", "version"),
        # What a run's foreign key points at: a run and its inputs are of one round.
        UniqueConstraint("id", "round_id"),
        CheckConstraint("kind IN ('frozen', 'refrozen', 'corrected')", name="kind"),
        CheckConstraint("(kind = 'frozen') = (version = 1)", name="first_is_frozen"),
        CheckConstraint("(version = 1) = (reason IS NULL)", name="reason_of_later"),
        Index(
            "uq_round_inputs_current",
            "round_id",
            unique=True,
            postgresql_where="superseded_at IS NULL",
        ),
    )

    id: Mapped[Id]
    round_id: Mapped[UUID] = mapped_column(ForeignKey("round.id"))
    version: Mapped[int]
    kind: Mapped[str]
    inputs_sha256: Mapped[str]
    instance_text: Mapped[str] = mapped_column(deferred=True, deferred_raiseload=True)
    requests: Mapped[list[Any]] = mapped_column(JSONB, deferred=True, deferred_raiseload=True)
    changes: Mapped[list[Any]] = mapped_column(JSONB)
    seed_source: Mapped[str]
    seed_form: Mapped[str]
    seed_due_at: Mapped[datetime]
    reason: Mapped[str | None]
    frozen_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    frozen_at: Mapped[datetime]
    superseded_at: Mapped[datetime | None]


class SeedEntry(Base):
    """The seed as one officer read it off the announced source; only its end can be added."""

    __tablename__ = "seed_entry"
    __table_args__ = (
        Index(
            "uq_seed_entry_current",
            "round_id",
            "entered_by",
            unique=True,
            postgresql_where="replaced_at IS NULL",
        ),
    )

    id: Mapped[Id]
    round_id: Mapped[UUID] = mapped_column(ForeignKey("round.id"))
    seed: Mapped[str]
    entered_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    entered_at: Mapped[datetime]
    replaced_at: Mapped[datetime | None]


class OfficialSeed(Base):
    """The seed of a round, which two officers entered independently; a trigger checks both."""

    __tablename__ = "official_seed"
    __table_args__ = (CheckConstraint("first_entered_by <> second_entered_by", name="two_people"),)

    round_id: Mapped[UUID] = mapped_column(ForeignKey("round.id"), primary_key=True)
    seed: Mapped[str]
    inputs_id: Mapped[UUID] = mapped_column(ForeignKey("round_inputs.id"))
    first_entered_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    second_entered_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    set_at: Mapped[datetime]
