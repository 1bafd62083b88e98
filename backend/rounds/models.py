"""Owns the rows of what came of a call: runs with their plans, outcomes and placements.

The rows of the call are in `call_models` and `terms_models`, those of what a plan is computed from
in `input_models`; all are imported from here.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    FetchedValue,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.db import Id
from backend.organizations.models import Institution, Position
from backend.rounds.call_models import (
    Application,
    BudgetArea,
    FixedInstitution,
    Offer,
    Round,
    position_of,
)
from backend.rounds.input_models import FrozenInputs, OfficialSeed, SeedEntry
from backend.rounds.terms_models import (
    BudgetTransfer,
    DeclaredInterest,
    PolicyVersion,
    RoundNotice,
)
from geo.orm import Base, spatial

__all__ = [
    "Application",
    "BudgetArea",
    "BudgetTransfer",
    "DeclaredInterest",
    "FixedInstitution",
    "FrozenInputs",
    "MatchingRun",
    "Offer",
    "OfficialSeed",
    "Outcome",
    "Placement",
    "PlacementContract",
    "PolicyVersion",
    "Round",
    "RoundNotice",
    "SeedEntry",
    "Vacancy",
]


class MatchingRun(Base):
    """One computation of a plan, with the exact bytes that went in and came out.

    A job carries it out: `state` is queued, running, done or failed. A run with any seed but the
    official one is a rehearsal, for ever. Triggers see to that, and keep what was computed and how
    it was verified from ever changing, and a published run from changing at all except for being
    superseded once. `inputs_id` is None of runs from before inputs were frozen.
    """

    __tablename__ = "matching_run"
    __table_args__ = (
        ForeignKeyConstraint(
            ["inputs_id", "round_id"], ["round_inputs.id", "round_inputs.round_id"]
        ),
        CheckConstraint("state IN ('queued', 'running', 'done', 'failed')", name="state"),
        CheckConstraint(
            "state <> 'done' OR num_nulls(engine, instance_text, plan_text) = 0",
            name="done_has_plan",
        ),
        CheckConstraint("(state = 'failed') = (failure IS NOT NULL)", name="failure_of_state"),
        CheckConstraint(
            "(approved_at IS NULL) = (approved_by IS NULL)", name="approved_by_somebody"
        ),
        CheckConstraint("approved_by <> run_by", name="second_person"),
        CheckConstraint("verified_at IS NULL OR state = 'done'", name="done_before_verified"),
        CheckConstraint(
            "verified_at IS NULL OR inputs_id IS NULL OR verifier_exit_code IS NOT DISTINCT FROM 0",
            name="verifier_passed",
        ),
        CheckConstraint(
            "approved_at IS NULL OR verified_at IS NOT NULL", name="verified_before_approval"
        ),
        CheckConstraint(
            "published_at IS NULL OR approved_at IS NOT NULL", name="approved_before_publication"
        ),
        CheckConstraint(
            "NOT is_rehearsal OR num_nonnulls(approved_at, published_at) = 0",
            name="rehearsal_stays_one",
        ),
        # At most one run of a round waits for its publication at a time, and one stands.
        Index(
            "uq_matching_run_pending",
            "round_id",
            unique=True,
            postgresql_where="superseded_at IS NULL AND published_at IS NULL AND NOT is_rehearsal",
        ),
        Index(
            "uq_matching_run_published",
            "round_id",
            unique=True,
            postgresql_where="superseded_at IS NULL AND published_at IS NOT NULL",
        ),
        Index(None, "round_id"),
    )

    id: Mapped[Id]
    round_id: Mapped[UUID] = mapped_column(ForeignKey("round.id"))
    inputs_id: Mapped[UUID | None]
    seed: Mapped[str]
    is_rehearsal: Mapped[bool]
    inputs_sha256: Mapped[str]
    state: Mapped[str]
    engine: Mapped[str | None]
    instance_text: Mapped[str | None] = mapped_column(deferred=True, deferred_raiseload=True)
    plan_text: Mapped[str | None] = mapped_column(deferred=True, deferred_raiseload=True)
    run_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    run_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    failure: Mapped[str | None]
    verified_at: Mapped[datetime | None]
    verifier_exit_code: Mapped[int | None]
    violations: Mapped[list[Any]] = mapped_column(JSONB)
    approved_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    approved_at: Mapped[datetime | None]
    published_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    published_at: Mapped[datetime | None]
    superseded_at: Mapped[datetime | None]

    round: Mapped[Round] = relationship(viewonly=True)
    inputs: Mapped[FrozenInputs | None] = relationship(
        primaryjoin="MatchingRun.inputs_id == FrozenInputs.id",
        foreign_keys="MatchingRun.inputs_id",
        viewonly=True,
    )

    @property
    def is_public(self) -> bool:
        """Tell whether the plan was published, whether or not it still stands."""
        return self.published_at is not None

    @property
    def correction(self) -> str | None:
        """Why the inputs were corrected for this run; None of one by the inputs first frozen."""
        inputs = self.inputs
        return inputs.reason if inputs is not None and inputs.kind == "corrected" else None


class Outcome(Base):
    """What became of one application or pre-assignment in one run, and why.

    `residence_tier` is None where the product answers no proposal.
    """

    __tablename__ = "outcome"
    __table_args__ = (
        UniqueConstraint("run_id", "institution_id", "offer_id"),
        CheckConstraint(
            "(reason IN ('awarded', 'preassigned')) = (seat IS NOT NULL)", name="seat_of_reason"
        ),
        CheckConstraint("residence_tier BETWEEN 0 AND 3", name="residence_tier"),
        Index("ix_outcome_run_id_offer_id", "run_id", "offer_id"),
        Index("ix_outcome_run_id_id", "run_id", "id"),
    )

    id: Mapped[Id]
    run_id: Mapped[UUID] = mapped_column(ForeignKey("matching_run.id"))
    offer_id: Mapped[UUID] = mapped_column(ForeignKey("offer.id"))
    institution_id: Mapped[UUID] = mapped_column(ForeignKey("institution.organization_id"))
    application_id: Mapped[UUID | None] = mapped_column(ForeignKey("application.id"))
    reason: Mapped[str]
    seat: Mapped[str | None]
    residence_tier: Mapped[int | None]
    detail: Mapped[dict[str, Any]] = mapped_column(JSONB)

    offer: Mapped[Offer] = relationship(viewonly=True)
    institution: Mapped[Institution] = relationship(viewonly=True)


class Vacancy(Base):
    """That an institution gives a placement up before its contract, and who takes it by the rules.

    `events_text` and `record_text` are what the engine reads and writes for it, `position` is as of
    a contract. Nothing moves before a second person decides; a trigger keeps all the rest.
    """

    __tablename__ = "vacancy"
    __table_args__ = (
        UniqueConstraint("run_id", "position"),
        CheckConstraint("btrim(reason) <> ''", name="reason"),
        CheckConstraint("decision IN ('approved', 'dismissed')", name="decision"),
        CheckConstraint(
            "num_nulls(decision, decided_by, decided_at) IN (0, 3)", name="whole_decision"
        ),
        CheckConstraint(
            "(decision_reason IS NOT NULL) = (decision IS NOT NULL AND decision = 'dismissed')",
            name="reason_of_dismissal",
        ),
        CheckConstraint(
            "decision <> 'approved' OR decided_by <> recorded_by", name="second_person"
        ),
        # What comes next depends on what this one moves: one at a time waits for its decision.
        Index("uq_vacancy_pending", "run_id", unique=True, postgresql_where="decision IS NULL"),
        Index(None, "outcome_id"),
    )

    id: Mapped[Id]
    run_id: Mapped[UUID] = mapped_column(ForeignKey("matching_run.id"))
    outcome_id: Mapped[UUID] = mapped_column(ForeignKey("outcome.id"))
    position: Mapped[int]
    reason: Mapped[str]
    steps: Mapped[list[Any]] = mapped_column(JSONB)
    events_text: Mapped[str] = mapped_column(deferred=True)
    record_text: Mapped[str] = mapped_column(deferred=True)
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    recorded_at: Mapped[datetime]
    decision: Mapped[str | None]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[datetime | None]
    decision_reason: Mapped[str | None]

    run: Mapped[MatchingRun] = relationship(viewonly=True)
    outcome: Mapped[Outcome] = relationship(viewonly=True)


class Placement(Base):
    """One package of a product for one institution, at its site, by a published plan.

    Once its run is superseded, so is the placement, and the row stays as it is. One that was given
    up before its contract has ended; `vacancy_id` is that of the vacancy by which it came.

    Of what is published the codes in force alone follow the boundaries, as a trigger sees to.
    """

    __tablename__ = "placement"
    __table_args__ = (
        Index(
            "uq_placement_standing", "outcome_id", unique=True, postgresql_where="ended_at IS NULL"
        ),
        CheckConstraint("residence_tier BETWEEN 0 AND 3", name="residence_tier"),
        Index("ix_placement_site_geom", "site_geom", postgresql_using="gist"),
        Index("ix_placement_run_id_id", "run_id", "id"),
        Index(None, "sigungu_code"),
        Index(None, "product_id"),
        Index(None, "institution_id"),
    )

    id: Mapped[Id]
    run_id: Mapped[UUID] = mapped_column(ForeignKey("matching_run.id"))
    outcome_id: Mapped[UUID] = mapped_column(ForeignKey("outcome.id"))
    offer_id: Mapped[UUID] = mapped_column(ForeignKey("offer.id"))
    product_id: Mapped[UUID] = mapped_column(ForeignKey("product.id"))
    institution_id: Mapped[UUID] = mapped_column(ForeignKey("institution.organization_id"))
    seat: Mapped[str]
    residence_tier: Mapped[int | None]
    site_geom: Mapped[Any] = mapped_column(spatial("POINT"))
    site_emd_code: Mapped[str | None]
    sigungu_code: Mapped[str | None]
    generation_id: Mapped[int] = mapped_column(ForeignKey("region_generation.id"))
    made_site_emd_code: Mapped[str | None] = mapped_column(server_default=FetchedValue())
    made_generation_id: Mapped[int] = mapped_column(
        ForeignKey("region_generation.id"), server_default=FetchedValue()
    )
    placed_at: Mapped[datetime]
    vacancy_id: Mapped[UUID | None] = mapped_column(ForeignKey("vacancy.id"))
    ended_at: Mapped[datetime | None]

    run: Mapped[MatchingRun] = relationship(viewonly=True)
    outcome: Mapped[Outcome] = relationship(viewonly=True)
    offer: Mapped[Offer] = relationship(viewonly=True)
    institution: Mapped[Institution] = relationship(viewonly=True)

    @property
    def site(self) -> Position:
        """Where the product stands."""
        return position_of(self.site_geom)


class PlacementContract(Base):
    """That a placement is bound by a contract: one of the things that happened, in `position`."""

    __tablename__ = "placement_contract"

    placement_id: Mapped[UUID] = mapped_column(ForeignKey("placement.id"), primary_key=True)
    signed_at: Mapped[datetime]
    recorded_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    position: Mapped[int]
