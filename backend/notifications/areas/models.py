"""Owns the rows of areas that people follow, and of what happened and is still to be told."""

from datetime import datetime
from typing import Any
from uuid import UUID

from geoalchemy2.shape import to_shape
from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from backend.db import Id
from backend.notifications.areas.circles import LEAST_RADIUS_M, MOST_RADIUS_M, Circle
from geo.orm import Base, spatial


class AreaSubscription(Base):
    """An area that one person follows: a circle around a coarse point, or regions.

    The centre is the middle of a grid cell, never the point that was given. A region is one code
    when it is chosen; when the boundaries divide it, all that came of it. `bounds` is the box
    around a circle, for its index.
    """

    __tablename__ = "area_subscription"
    __table_args__ = (
        CheckConstraint(
            "num_nulls(centre, radius_m, bounds) IN (0, 3)"
            " AND num_nulls(region_codes, generation_id) IN (0, 2)"
            " AND num_nulls(centre, region_codes) = 1",
            name="circle_or_regions",
        ),
        CheckConstraint(f"radius_m BETWEEN {LEAST_RADIUS_M} AND {MOST_RADIUS_M}", name="radius_m"),
        CheckConstraint("cardinality(region_codes) > 0", name="region_codes"),
        Index(None, "account_id", "id"),
        Index("ix_area_subscription_bounds", "bounds", postgresql_using="gist"),
        Index("ix_area_subscription_region_codes", "region_codes", postgresql_using="gin"),
    )

    id: Mapped[Id]
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    centre: Mapped[Any] = mapped_column(spatial("POINT"), nullable=True)
    radius_m: Mapped[int | None]
    bounds: Mapped[Any] = mapped_column(spatial("POLYGON"), nullable=True)
    region_codes: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    generation_id: Mapped[int | None] = mapped_column(ForeignKey("region_generation.id"))
    created_at: Mapped[datetime]

    @property
    def circle(self) -> Circle | None:
        """Return the circle, None where regions are followed."""
        if self.centre is None or self.radius_m is None:
            return None
        point = to_shape(self.centre)
        return Circle(point.x, point.y, self.radius_m)


class AreaEvent(Base):
    """Something public that happened at a place, until those who follow the place are told.

    `geom` is a point that everybody may know.
    """

    __tablename__ = "area_event"

    id: Mapped[Id]
    kind: Mapped[str]
    subject_type: Mapped[str]
    subject_id: Mapped[UUID]
    params: Mapped[dict[str, Any]] = mapped_column(JSONB)
    geom: Mapped[Any] = mapped_column(spatial("POINT"))
    emd_code: Mapped[str]
    happened_at: Mapped[datetime]
