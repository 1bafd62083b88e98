"""Owns the rows of reviews, of their decisions, and of a local government's rankings."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.db import Id
from geo.orm import Base


class Review(Base):
    """A proposal's stay at one local government, from its arrival to its end there.

    A transfer ends the stay and begins another; at most one is not closed. `state` says what the
    office does with it: `paused` waits for the author's supplement.
    """

    __tablename__ = "review"
    __table_args__ = (
        CheckConstraint(
            "state IN ('open', 'paused', 'adopted', 'rejected', 'transferred', 'withdrawn',"
            " 'merged')",
            name="state",
        ),
        CheckConstraint("(state IN ('open', 'paused')) = (closed_at IS NULL)", name="closed_at"),
        CheckConstraint("(state = 'paused') = (paused_at IS NOT NULL)", name="paused_at"),
        Index(
            "uq_review_unclosed",
            "proposal_id",
            unique=True,
            postgresql_where="closed_at IS NULL",
        ),
        Index(None, "proposal_id", "received_at"),
        Index(None, "local_government_code", "received_at", "id"),
        Index(None, "local_government_code", "state", "received_at", "id"),
    )

    id: Mapped[Id]
    proposal_id: Mapped[UUID] = mapped_column(ForeignKey("proposal.id"))
    local_government_code: Mapped[str] = mapped_column(
        ForeignKey("organization.local_government_code")
    )
    state: Mapped[str] = mapped_column(default="open")
    received_at: Mapped[datetime]
    paused_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]


class Decision(Base):
    """What a reviewer decided, when and why. Rows are added, never changed."""

    __tablename__ = "decision"
    __table_args__ = (
        CheckConstraint(
            "outcome IN ('adopted', 'rejected', 'transferred', 'supplement_requested')",
            name="outcome",
        ),
        CheckConstraint("btrim(reason) <> ''", name="reason"),
        CheckConstraint(
            "(outcome = 'transferred') = (transfer_to IS NOT NULL)", name="transfer_has_target"
        ),
        Index(
            "uq_decision_final",
            "review_id",
            unique=True,
            postgresql_where="outcome <> 'supplement_requested'",
        ),
        Index(None, "review_id", "decided_at"),
    )

    id: Mapped[Id]
    review_id: Mapped[UUID] = mapped_column(ForeignKey("review.id"))
    outcome: Mapped[str]
    reason: Mapped[str]
    transfer_to: Mapped[str | None] = mapped_column(
        ForeignKey("organization.local_government_code")
    )
    decided_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[datetime]


class Ranking(Base):
    """A local government's strict order for a programme year: of its adopted proposals, or of
    the categories. A new one supersedes the one before it, which stays as history.
    """

    __tablename__ = "ranking"
    __table_args__ = (
        CheckConstraint("subject IN ('proposals', 'categories')", name="subject"),
        CheckConstraint("superseded_at >= ranked_at", name="superseded_after_ranked"),
        Index(
            "uq_ranking_current",
            "local_government_code",
            "programme_year",
            "subject",
            unique=True,
            postgresql_where="superseded_at IS NULL",
        ),
        Index(None, "programme_year", "subject"),
    )

    id: Mapped[Id]
    local_government_code: Mapped[str] = mapped_column(
        ForeignKey("organization.local_government_code")
    )
    programme_year: Mapped[int]
    subject: Mapped[str]
    ranked_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    ranked_at: Mapped[datetime]
    superseded_at: Mapped[datetime | None]


class ProposalRank(Base):
    """The place of one adopted proposal in a ranking; 1 comes first."""

    __tablename__ = "proposal_rank"
    __table_args__ = (
        CheckConstraint("rank > 0", name="rank"),
        UniqueConstraint("ranking_id", "proposal_id"),
        Index(None, "proposal_id"),
    )

    ranking_id: Mapped[UUID] = mapped_column(ForeignKey("ranking.id"), primary_key=True)
    rank: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    proposal_id: Mapped[UUID] = mapped_column(ForeignKey("proposal.id"))


class CategoryRank(Base):
    """The place of one category in a ranking; 1 comes first."""

    __tablename__ = "category_rank"
    __table_args__ = (
        CheckConstraint("rank > 0", name="rank"),
        UniqueConstraint("ranking_id", "category"),
        Index(None, "category"),
    )

    ranking_id: Mapped[UUID] = mapped_column(ForeignKey("ranking.id"), primary_key=True)
    rank: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    category: Mapped[str]
