"""Owns the rows of what came of a call: runs with their plans, outcomes and placements.

The rows of the call are in `call_models` and `terms_models`; all are imported from here.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, FetchedValue, ForeignKey, Index, UniqueConstraint
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
    "MatchingRun",
    "Offer",
    "Outcome",
    "Placement",
    "PolicyVersion",
    "Round",
    "RoundNotice",
]


class MatchingRun(Base):
    """One computation of a plan, with the exact bytes that went in and came out.

    A trigger keeps what was computed from ever changing, and a published run from changing at all
    except for being superseded once.
    """

    __tablename__ = "matching_run"
    __table_args__ = (
        CheckConstraint(
            "(approved_at IS NULL) = (approved_by IS NULL)", name="approved_by_somebody"
        ),
        CheckConstraint("approved_by <> run_by", name="second_person"),
        CheckConstraint(
            "approved_at IS NULL OR verified_at IS NOT NULL", name="verified_before_approval"
        ),
        CheckConstraint(
            "published_at IS NULL OR approved_at IS NOT NULL", name="approved_before_publication"
        ),
        # At most one run of a round waits or stands at a time.
        Index(
            "uq_matching_run_current",
            "round_id",
            unique=True,
            postgresql_where="superseded_at IS NULL",
        ),
        Index(None, "round_id"),
    )

    id: Mapped[Id]
    round_id: Mapped[UUID] = mapped_column(ForeignKey("round.id"))
    seed: Mapped[str]
    engine: Mapped[str]
    inputs_sha256: Mapped[str]
    instance_text: Mapped[str] = mapped_column(deferred=True, deferred_raiseload=True)
    plan_text: Mapped[str] = mapped_column(deferred=True, deferred_raiseload=True)
    run_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    run_at: Mapped[datetime]
    verified_at: Mapped[datetime | None]
    violations: Mapped[list[Any]] = mapped_column(JSONB)
    approved_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    approved_at: Mapped[datetime | None]
    published_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    published_at: Mapped[datetime | None]
    superseded_at: Mapped[datetime | None]

    round: Mapped[Round] = relationship(viewonly=True)


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


class Placement(Base):
    """One package of a product for one institution, at its site, by a published plan.

    Of what is published the codes in force alone follow the boundaries, as a trigger sees to.
    """

    __tablename__ = "placement"
    __table_args__ = (
        UniqueConstraint("outcome_id"),
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

    run: Mapped[MatchingRun] = relationship(viewonly=True)
    offer: Mapped[Offer] = relationship(viewonly=True)
    institution: Mapped[Institution] = relationship(viewonly=True)

    @property
    def site(self) -> Position:
        """Where the product stands."""
        return position_of(self.site_geom)
