"""Owns the rows of objections to the outcomes of published plans."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, select
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship

from backend.db import Id
from backend.rounds.models import MatchingRun, Outcome, Round
from geo.orm import Base


class PlanObjection(Base):
    """Somebody's formal complaint against one outcome, and what a person decided about it.

    It comes from those who apply for the institution, or from the proposer of a proposal that the
    product answers. What is written in `reason` and `decision_reason` is between the two sides;
    everybody reads `public_summary`.
    """

    __tablename__ = "plan_objection"
    __table_args__ = (
        CheckConstraint("num_nonnulls(institution_id, proposal_id) = 1", name="one_standing"),
        CheckConstraint("btrim(reason) <> ''", name="reason"),
        CheckConstraint("decision IN ('dismissed', 'upheld')", name="decision"),
        CheckConstraint(
            "num_nulls(decision, decided_by, decided_at, decision_reason, public_summary)"
            " IN (0, 5)",
            name="whole_decision",
        ),
        CheckConstraint("remedy IN ('superseding_plan', 'later_round')", name="remedy"),
        CheckConstraint(
            "(remedy IS NOT NULL) = (decision IS NOT NULL AND decision = 'upheld')",
            name="remedy_of_upheld",
        ),
        CheckConstraint("decided_by <> objector_id", name="decided_by_another"),
        CheckConstraint("num_nonnulls(decided_at, withdrawn_at) <= 1", name="one_end"),
        Index(
            "uq_plan_objection_of_objector",
            "outcome_id",
            "objector_id",
            unique=True,
            postgresql_where="withdrawn_at IS NULL",
        ),
        Index(None, "round_id", "id"),
        Index(None, "objector_id", "id"),
    )

    id: Mapped[Id]
    round_id: Mapped[UUID] = mapped_column(ForeignKey("round.id"))
    run_id: Mapped[UUID] = mapped_column(ForeignKey("matching_run.id"))
    outcome_id: Mapped[UUID] = mapped_column(ForeignKey("outcome.id"))
    objector_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    institution_id: Mapped[UUID | None] = mapped_column(ForeignKey("institution.organization_id"))
    proposal_id: Mapped[UUID | None] = mapped_column(ForeignKey("proposal.id"))
    reason: Mapped[str]
    filed_at: Mapped[datetime]
    due_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    decision: Mapped[str | None]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[datetime | None]
    decision_reason: Mapped[str | None]
    public_summary: Mapped[str | None]
    remedy: Mapped[str | None]

    round: Mapped[Round] = relationship(viewonly=True)
    run: Mapped[MatchingRun] = relationship(viewonly=True)
    outcome: Mapped[Outcome] = relationship(viewonly=True)

    @property
    def author_id(self) -> UUID:
        """Who wrote it, as the policy asks."""
        return self.objector_id

    @property
    def standing(self) -> str:
        """In what capacity the objector speaks: institution or proposer."""
        return "institution" if self.institution_id else "proposer"

    @property
    def state(self) -> str:
        """How it stands: pending, withdrawn, dismissed or upheld."""
        if self.withdrawn_at is not None:
            return "withdrawn"
        return self.decision or "pending"


PlanObjection.remedied_by = column_property(
    select(MatchingRun.id)
    .where(
        PlanObjection.remedy == "superseding_plan",
        MatchingRun.round_id == PlanObjection.round_id,
        MatchingRun.published_at > PlanObjection.decided_at,
    )
    .order_by(MatchingRun.published_at)
    .limit(1)
    .correlate_except(MatchingRun)
    .scalar_subquery()
)
"""The plan that made up for it: the next one of the round that was published."""
