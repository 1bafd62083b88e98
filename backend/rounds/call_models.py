"""Owns the rows of a call: the round, its money, its offers and what institutions ask for."""

from datetime import datetime
from typing import Any
from uuid import UUID

from geoalchemy2.shape import to_shape
from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    FetchedValue,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.catalogue.models import Product
from backend.db import Id
from backend.organizations.models import Position
from geo.orm import Base, spatial


def position_of(geom: Any) -> Position:
    """Return the place of a point column's value."""
    point = to_shape(geom)
    return Position(point.x, point.y)


class Round(Base):
    """One call with a budget, from draft to published plan, unless it is cancelled before.

    `opens_at` and `closes_at` bound the window in which institutions apply; the other times are
    facts of what happened. `policy` is the rules as data, shown to everybody from the notice on;
    `policy_version` counts how often they were set.
    """

    __tablename__ = "round"
    __table_args__ = (
        UniqueConstraint("code"),
        CheckConstraint("closes_at > opens_at", name="closes_after_opening"),
        CheckConstraint(
            "status IN"
            " ('draft', 'open', 'closed', 'matched', 'approved', 'published', 'cancelled')",
            name="status",
        ),
        CheckConstraint("(status = 'draft') = (opened_at IS NULL)", name="opened_at_of_status"),
        # A cancelled round keeps the times of what had happened by then.
        CheckConstraint(
            "status = 'cancelled' OR (status IN ('draft', 'open')) = (closed_at IS NULL)",
            name="closed_at_of_status",
        ),
        CheckConstraint(
            "status = 'cancelled' OR"
            " (status IN ('draft', 'open', 'closed')) = (matched_at IS NULL)",
            name="matched_at_of_status",
        ),
        CheckConstraint(
            "status = 'cancelled' OR"
            " (status IN ('approved', 'published')) = (approved_at IS NOT NULL)",
            name="approved_at_of_status",
        ),
        CheckConstraint(
            "(status = 'cancelled') = (cancelled_at IS NOT NULL)", name="cancelled_at_of_status"
        ),
        CheckConstraint(
            "(status = 'published') = (published_at IS NOT NULL)", name="published_at_of_status"
        ),
        Index("ix_round_status_id", "status", "id"),
    )

    id: Mapped[Id]
    code: Mapped[str]
    programme_year: Mapped[int]
    title_ko: Mapped[str]
    title_en: Mapped[str]
    status: Mapped[str]
    policy: Mapped[dict[str, Any]] = mapped_column(JSONB)
    policy_version: Mapped[int] = mapped_column(default=1)
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    is_sample: Mapped[bool] = mapped_column(default=False)
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    matched_at: Mapped[datetime | None]
    approved_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]

    areas: Mapped[list["BudgetArea"]] = relationship(
        order_by="BudgetArea.key", lazy="selectin", viewonly=True
    )

    @property
    def titles(self) -> dict[str, str]:
        """Return the title in both languages, as notices take it."""
        return {"ko": self.title_ko, "en": self.title_en}

    @property
    def is_public(self) -> bool:
        """Tell whether the round was announced; a draft is the officers' own."""
        return self.status != "draft"


class BudgetArea(Base):
    """A pot of money of a round.

    `budget_krw` is what it has: `initial_krw` and what was transferred since. Whether VAT is part
    of an amount holds for the prices of its offers too.
    """

    __tablename__ = "budget_area"
    __table_args__ = (
        UniqueConstraint("round_id", "key"),
        # What the offers' foreign key points at: an offer and its area are of one round.
        UniqueConstraint("id", "round_id"),
        CheckConstraint("budget_krw >= 0", name="budget_not_negative"),
        CheckConstraint("initial_krw >= 0", name="initial_not_negative"),
    )

    id: Mapped[Id]
    round_id: Mapped[UUID] = mapped_column(ForeignKey("round.id"))
    key: Mapped[str]
    name_ko: Mapped[str]
    name_en: Mapped[str]
    budget_krw: Mapped[int] = mapped_column(BigInteger)
    initial_krw: Mapped[int] = mapped_column(BigInteger)
    vat_included: Mapped[bool]
    budget_year: Mapped[int]
    is_sample: Mapped[bool] = mapped_column(default=False)


class Offer(Base):
    """A product in an area of a round, at the price of the day it was offered.

    One that takes no applications is for the fixed institutions alone. `policy_demands` are keys
    of the ministries' demands in the round's policy.
    """

    __tablename__ = "offer"
    __table_args__ = (
        UniqueConstraint("area_id", "product_id"),
        UniqueConstraint("id", "round_id"),
        ForeignKeyConstraint(["area_id", "round_id"], ["budget_area.id", "budget_area.round_id"]),
        CheckConstraint("unit_price_krw > 0", name="unit_price_positive"),
        CheckConstraint("max_placements > 0", name="max_placements_positive"),
        CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawal_reason IS NULL)", name="withdrawn_for_a_reason"
        ),
        Index(None, "round_id"),
        Index(None, "product_id"),
    )

    id: Mapped[Id]
    round_id: Mapped[UUID] = mapped_column(ForeignKey("round.id"))
    area_id: Mapped[UUID]
    product_id: Mapped[UUID] = mapped_column(ForeignKey("product.id"))
    unit_price_krw: Mapped[int] = mapped_column(BigInteger)
    max_placements: Mapped[int]
    seats: Mapped[dict[str, Any]] = mapped_column(JSONB)
    cap_group: Mapped[str | None]
    takes_applications: Mapped[bool] = mapped_column(default=True)
    policy_demands: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    created_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    withdrawal_reason: Mapped[str | None]

    area: Mapped[BudgetArea] = relationship(
        primaryjoin="Offer.area_id == BudgetArea.id", foreign_keys="Offer.area_id", viewonly=True
    )
    product: Mapped[Product] = relationship(viewonly=True)
    fixed: Mapped[list["FixedInstitution"]] = relationship(
        order_by="FixedInstitution.institution_id", lazy="selectin", viewonly=True
    )

    @property
    def fixed_institution_ids(self) -> list[UUID]:
        """Institutions that get the product without a matching."""
        return [row.institution_id for row in self.fixed]


class FixedInstitution(Base):
    """An institution that asked for the product in the first place, and skips the matching."""

    __tablename__ = "fixed_institution"
    __table_args__ = (Index(None, "institution_id"),)

    offer_id: Mapped[UUID] = mapped_column(ForeignKey("offer.id"), primary_key=True)
    institution_id: Mapped[UUID] = mapped_column(
        ForeignKey("institution.organization_id"), primary_key=True
    )


class Application(Base):
    """One institution asking for one offer, at its place in the institution's ranking.

    `applied_by` asked first and `changed_by` last; nobody withdrew what fell out with its offer.
    """

    __tablename__ = "application"
    __table_args__ = (
        UniqueConstraint("institution_id", "offer_id"),
        ForeignKeyConstraint(["offer_id", "round_id"], ["offer.id", "offer.round_id"]),
        CheckConstraint("position >= 1", name="position_from_one"),
        CheckConstraint("pledges_purchase = (pledge_text IS NOT NULL)", name="pledge_in_words"),
        Index(
            "uq_application_ranking",
            "round_id",
            "institution_id",
            "position",
            unique=True,
            postgresql_where="withdrawn_at IS NULL",
        ),
        Index(None, "offer_id"),
    )

    id: Mapped[Id]
    round_id: Mapped[UUID] = mapped_column(ForeignKey("round.id"))
    offer_id: Mapped[UUID]
    institution_id: Mapped[UUID] = mapped_column(ForeignKey("institution.organization_id"))
    position: Mapped[int]
    reason: Mapped[str]
    pledges_purchase: Mapped[bool] = mapped_column(default=False)
    pledge_text: Mapped[str | None]
    site_geom: Mapped[Any] = mapped_column(spatial("POINT"))
    site_emd_code: Mapped[str | None]
    generation_id: Mapped[int] = mapped_column(ForeignKey("region_generation.id"))
    made_site_emd_code: Mapped[str | None] = mapped_column(server_default=FetchedValue())
    made_generation_id: Mapped[int] = mapped_column(
        ForeignKey("region_generation.id"), server_default=FetchedValue()
    )
    applied_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    applied_at: Mapped[datetime]
    changed_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    changed_at: Mapped[datetime]
    withdrawn_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    withdrawn_at: Mapped[datetime | None]

    @property
    def site(self) -> Position:
        """Where the product would stand."""
        return position_of(self.site_geom)
