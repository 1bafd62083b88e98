"""Owns the rows of organizations, of what makes one an institution or supplier, and of staff."""

from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from geoalchemy2.shape import to_shape
from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Computed,
    FetchedValue,
    ForeignKey,
    Index,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.accounts.models import Account
from backend.auth.identity import Role
from backend.db import Id
from geo.orm import SRID_KOREA, Base, spatial

KINDS = (
    "local_government",
    "institution",
    "supplier",
    "ministry",
    "research_institution",
    "procurement_service",
)

INSTITUTION_TYPES = (
    "state_body",
    "police",
    "coast_guard",
    "fire",
    "forest",
    "health_centre",
    "community_office",
    "local_government_body",
    "education",
    "central_public_institution",
    "local_public_corporation",
    "non_profit",
    "overseas",
)

SCOPES = ("regions", "nationwide", "overseas")


PROJECTED = (
    "CASE WHEN ST_X(site_geom) BETWEEN 124 AND 132 AND ST_Y(site_geom) BETWEEN 33 AND 39"
    " THEN ST_Transform(site_geom, 5179) END"
)
"""A site on the Korean plane, where metres are measured; a site abroad has no point there."""


class Position(NamedTuple):
    """A place in degrees, WGS 84."""

    lon: float
    lat: float


def _among(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


class Organization(Base):
    """Any body that takes part; a local government carries the code of its boundaries."""

    __tablename__ = "organization"
    __table_args__ = (
        UniqueConstraint("local_government_code"),
        CheckConstraint(_among("kind", KINDS), name="kind"),
        CheckConstraint(
            "(kind = 'local_government') = (local_government_code IS NOT NULL)",
            name="local_government_has_code",
        ),
        Index(
            "ix_organization_name_trgm",
            "name_ko",
            postgresql_using="gin",
            postgresql_ops={"name_ko": "gin_trgm_ops"},
        ),
        Index("ix_organization_kind_id", "kind", "id"),
    )

    id: Mapped[Id]
    kind: Mapped[str]
    name_ko: Mapped[str]
    name_en: Mapped[str | None]
    local_government_code: Mapped[str | None]
    is_synthetic: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]

    @property
    def organization_id(self) -> UUID:
        """An organization belongs to itself, as the policy's predicates ask."""
        return self.id


class Institution(Base):
    """What makes an organization a place that can pilot: type, jurisdiction and site.

    `jurisdiction_codes` are codes of regions (sido, sigungu or emd) and local governments; they
    are empty for bodies of the whole nation and overseas ones. `local_government_code` is the
    local government whose priorities count for it: the one its site lies in.
    """

    __tablename__ = "institution"
    __table_args__ = (
        CheckConstraint(_among("institution_type", INSTITUTION_TYPES), name="institution_type"),
        CheckConstraint(_among("scope", SCOPES), name="scope"),
        CheckConstraint(
            "(scope = 'regions') = (cardinality(jurisdiction_codes) > 0)",
            name="jurisdiction_of_scope",
        ),
        CheckConstraint(
            "(scope = 'overseas') = (site_emd_code IS NULL)", name="site_in_korea_or_overseas"
        ),
        Index("ix_institution_site_geom", "site_geom", postgresql_using="gist"),
        Index("ix_institution_site_geom_5179", "site_geom_5179", postgresql_using="gist"),
        Index(None, "local_government_code"),
    )

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organization.id"), primary_key=True)
    institution_type: Mapped[str]
    scope: Mapped[str]
    jurisdiction_codes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    site_geom: Mapped[Any] = mapped_column(spatial("POINT"))
    site_geom_5179: Mapped[Any | None] = mapped_column(
        spatial("POINT", SRID_KOREA), Computed(PROJECTED, persisted=True), deferred=True
    )
    site_address: Mapped[str | None]
    site_emd_code: Mapped[str | None]
    local_government_code: Mapped[str | None]
    generation_id: Mapped[int] = mapped_column(ForeignKey("region_generation.id"))
    made_site_emd_code: Mapped[str | None] = mapped_column(server_default=FetchedValue())
    made_generation_id: Mapped[int] = mapped_column(
        ForeignKey("region_generation.id"), server_default=FetchedValue()
    )

    organization: Mapped[Organization] = relationship(lazy="joined")

    @property
    def site(self) -> Position:
        """Return where the institution is."""
        shape = to_shape(self.site_geom)
        return Position(shape.x, shape.y)


class ReportingRecord(Base):
    """That an institution owes a result report on something, and when it gave it.

    The subject is named by type and id without a foreign key, because it lies in a domain above.
    """

    __tablename__ = "reporting_record"
    __table_args__ = (
        UniqueConstraint("subject_type", "subject_id"),
        Index(None, "institution_id"),
    )

    id: Mapped[Id]
    institution_id: Mapped[UUID] = mapped_column(ForeignKey("institution.organization_id"))
    subject_type: Mapped[str]
    subject_id: Mapped[UUID]
    due_on: Mapped[date]
    reported_on: Mapped[date | None]


class Supplier(Base):
    """What makes an organization a company that supplies products."""

    __tablename__ = "supplier"
    __table_args__ = (UniqueConstraint("business_number"),)

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organization.id"), primary_key=True)
    business_number: Mapped[str]

    organization: Mapped[Organization] = relationship(lazy="joined")


class Membership(Base):
    """A person's role at an organization, until it ends."""

    __tablename__ = "membership"
    __table_args__ = (
        CheckConstraint(_among("role", tuple(role.value for role in Role)), name="role"),
        Index(
            "uq_membership_current",
            "account_id",
            "organization_id",
            "role",
            unique=True,
            postgresql_where="ended_at IS NULL",
        ),
        Index(None, "organization_id"),
    )

    id: Mapped[Id]
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organization.id"))
    role: Mapped[str]
    granted_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    granted_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    account: Mapped[Account] = relationship(foreign_keys=[account_id])
    organization: Mapped[Organization] = relationship(lazy="joined")


class Invitation(Base):
    """An offer of a role to an e-mail address; only the token's SHA-256 is kept."""

    __tablename__ = "invitation"
    __table_args__ = (
        UniqueConstraint("token_sha256"),
        CheckConstraint(_among("role", tuple(role.value for role in Role)), name="role"),
        Index(None, "organization_id"),
        Index(None, "email"),
    )

    id: Mapped[Id]
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organization.id"))
    role: Mapped[str]
    email: Mapped[str]
    token_sha256: Mapped[str]
    invited_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    invited_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
