"""Owns the rows of merges, and of the endorsements that are at a proposal by a merge only."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.db import Id
from backend.proposals.models import Proposal
from geo.orm import Base

UNDO_TERM = timedelta(days=30)
"""After this a merge stands, as it does once the survivor was decided about."""


class ProposalMerge(Base):
    """That a proposal was merged into one received before it; undone, it stays as history.

    `survivor_id` is what it was merged into, `end_id` what that has become a part of since: the
    same while the survivor stands by itself. `status_before` is the state that an undo restores.
    `undo_reason` is empty when the merge ended because its survivor was withdrawn.
    """

    __tablename__ = "proposal_merge"
    __table_args__ = (
        CheckConstraint("merged_id NOT IN (survivor_id, end_id)", name="two_proposals"),
        CheckConstraint("btrim(reason) <> ''", name="reason"),
        CheckConstraint(
            "status_before IN ('submitted', 'supplement_requested')", name="status_before"
        ),
        CheckConstraint(
            "(undone_at IS NULL) = (undone_by IS NULL)"
            " AND (undo_reason IS NULL OR undone_at IS NOT NULL)",
            name="undone_whole",
        ),
        Index(
            "uq_proposal_merge_standing",
            "merged_id",
            unique=True,
            postgresql_where="undone_at IS NULL",
        ),
        Index(None, "survivor_id", postgresql_where="undone_at IS NULL"),
        Index(None, "end_id", postgresql_where="undone_at IS NULL"),
    )

    id: Mapped[Id]
    merged_id: Mapped[UUID] = mapped_column(ForeignKey("proposal.id"))
    survivor_id: Mapped[UUID] = mapped_column(ForeignKey("proposal.id"))
    end_id: Mapped[UUID] = mapped_column(ForeignKey("proposal.id"))
    reason: Mapped[str]
    status_before: Mapped[str]
    merged_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    merged_at: Mapped[datetime]
    objected_at: Mapped[datetime | None]
    undone_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    undone_at: Mapped[datetime | None]
    undo_reason: Mapped[str | None]

    merged: Mapped[Proposal] = relationship(foreign_keys=[merged_id], viewonly=True)

    @property
    def undo_ends_at(self) -> datetime:
        """Return the moment from which it can no longer be undone."""
        return self.merged_at + UNDO_TERM


class CarriedEndorsement(Base):
    """That a person's endorsement of the survivor is there by a merge, not by their own act."""

    __tablename__ = "carried_endorsement"
    __table_args__ = (Index(None, "account_id"),)

    merge_id: Mapped[UUID] = mapped_column(
        ForeignKey("proposal_merge.id", ondelete="CASCADE"), primary_key=True
    )
    account_id: Mapped[UUID] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
