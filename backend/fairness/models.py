"""Owns the rows of how many people live where, and of alerts that were given before deadlines."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.db import Id
from geo.orm import Base

KINDS = ("residents", "eligible_voters")
"""What a table counts; residents are asked for first."""


class PopulationTable(Base):
    """One table of people by sigungu, as of a day."""

    __tablename__ = "population_table"
    __table_args__ = (
        UniqueConstraint("kind", "as_of"),
        CheckConstraint("kind IN ('residents', 'eligible_voters')", name="kind"),
    )

    id: Mapped[Id]
    kind: Mapped[str]
    as_of: Mapped[date]
    source: Mapped[str]
    loaded_at: Mapped[datetime]


class PopulationFigure(Base):
    """How many people a table counts in one sigungu, or in a city whose districts it does not tell.

    Codes are those in force when the table was read.
    """

    __tablename__ = "population_figure"
    __table_args__ = (CheckConstraint("people >= 0", name="people_not_negative"),)

    table_id: Mapped[UUID] = mapped_column(
        ForeignKey("population_table.id", ondelete="CASCADE"), primary_key=True
    )
    sigungu_code: Mapped[str] = mapped_column(primary_key=True)
    people: Mapped[int]


class DeadlineAlert(Base):
    """A local government was told that nobody there applies; once per round."""

    __tablename__ = "deadline_alert"

    round_id: Mapped[UUID] = mapped_column(ForeignKey("round.id"), primary_key=True)
    local_government_code: Mapped[str] = mapped_column(primary_key=True)
    alerted_at: Mapped[datetime]
