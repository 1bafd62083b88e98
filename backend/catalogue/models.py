"""Owns the rows of products, their designations and which proposals they answer."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.db import Id
from geo.orm import Base

TRACKS = ("FT1", "FT2", "FT3")
"""Ministry R&D; PPS prototype; other recognised innovation."""


class Product(Base):
    """A product that may be bought for pilot use, with where it came from.

    `rnd_local_government_code` and `rnd_project` tell a product of a local government's own
    research; `ministry_weight` is the sum of the weights that ministries' policy demands give it.
    """

    __tablename__ = "product"
    __table_args__ = (
        CheckConstraint("unit_price_krw > 0", name="unit_price_positive"),
        CheckConstraint("ministry_weight >= 0", name="ministry_weight_not_negative"),
        CheckConstraint(
            "(rnd_local_government_code IS NULL) = (rnd_project IS NULL)",
            name="rnd_origin_complete",
        ),
        Index("ix_product_category_id", "category", "id"),
        Index(None, "supplier_id"),
        Index(
            "ix_product_name_trgm",
            "name_ko",
            "name_en",
            postgresql_using="gin",
            postgresql_ops={"name_ko": "gin_trgm_ops", "name_en": "gin_trgm_ops"},
        ),
    )

    id: Mapped[Id]
    name_ko: Mapped[str]
    name_en: Mapped[str]
    summary: Mapped[str]
    category: Mapped[str]
    supplier_id: Mapped[UUID | None] = mapped_column(ForeignKey("organization.id"))
    unit_price_krw: Mapped[int] = mapped_column(BigInteger)
    rnd_local_government_code: Mapped[str | None]
    rnd_project: Mapped[str | None]
    ministry_weight: Mapped[int] = mapped_column(default=0)
    is_sample: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]

    designations: Mapped[list["Designation"]] = relationship(
        order_by="Designation.designated_on", lazy="selectin", viewonly=True
    )

    @property
    def names(self) -> dict[str, str]:
        """Return the name in both languages, as notices and events take it."""
        return {"ko": self.name_ko, "en": self.name_en}


class Designation(Base):
    """A product's standing as an Innovative Product from one day to another, both included."""

    __tablename__ = "designation"
    __table_args__ = (
        UniqueConstraint("certificate_number"),
        CheckConstraint("track IN ('FT1', 'FT2', 'FT3')", name="track"),
        CheckConstraint("designation_type IN (1, 2)", name="designation_type"),
        CheckConstraint(
            "valid_until > designated_on AND valid_until <= designated_on + interval '6 years'",
            name="at_most_six_years",
        ),
        Index(None, "product_id", "valid_until"),
    )

    id: Mapped[Id]
    product_id: Mapped[UUID] = mapped_column(ForeignKey("product.id"))
    track: Mapped[str]
    designation_type: Mapped[int]
    certificate_number: Mapped[str]
    designated_on: Mapped[date]
    valid_until: Mapped[date]
    created_at: Mapped[datetime]

    extensions: Mapped[list["DesignationExtension"]] = relationship(
        order_by="DesignationExtension.ordinal", lazy="selectin", viewonly=True
    )


class DesignationExtension(Base):
    """One lengthening of a designation; the first gives one year and the second two."""

    __tablename__ = "designation_extension"
    __table_args__ = (
        CheckConstraint(
            "(ordinal = 1 AND years = 1) OR (ordinal = 2 AND years = 2)", name="one_then_two_years"
        ),
    )

    designation_id: Mapped[UUID] = mapped_column(ForeignKey("designation.id"), primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    years: Mapped[int]
    granted_on: Mapped[date]
    valid_until: Mapped[date]
    created_at: Mapped[datetime]


class ProductProposal(Base):
    """That a product answers an adopted proposal."""

    __tablename__ = "product_proposal"
    __table_args__ = (Index(None, "proposal_id"),)

    product_id: Mapped[UUID] = mapped_column(ForeignKey("product.id"), primary_key=True)
    proposal_id: Mapped[UUID] = mapped_column(ForeignKey("proposal.id"), primary_key=True)
    linked_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    linked_at: Mapped[datetime]
