"""Owns the mapped tables of regions; what hangs on a generation never changes once it is active.

Rows are loaded by `geo.boundaries`; everybody else reads them through `geo.regions`.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    SmallInteger,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from geo.orm import SRID_WEB, Base, spatial


class GenerationRow(Base):
    """One state of the boundaries: loaded as a draft, validated, active, at last retired.

    `layer_key` is the hash of the pinned sources and of the code that joined them; `report` is what
    validation found, as `geo.regions.validation` writes it.
    """

    __tablename__ = "region_generation"
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'validated', 'active', 'retired')", name="state"),
        Index(
            "uq_region_generation_active",
            "state",
            unique=True,
            postgresql_where=text("state = 'active'"),
        ),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    label: Mapped[str]
    state: Mapped[str]
    layer_key: Mapped[str]
    sources: Mapped[list[dict[str, str]]] = mapped_column(JSONB)
    data_date: Mapped[date]
    loaded_at: Mapped[datetime]
    validated_at: Mapped[datetime | None]
    activated_at: Mapped[datetime | None]
    retired_at: Mapped[datetime | None]
    report: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))


class LocalGovernmentRow(Base):
    """A self-governing body as of one generation; other domains keep its `code`.

    The key holds the generation because governments appear, vanish and are renamed with the
    boundaries. What lasts (staff, decisions) hangs on the organization that carries the code.
    """

    __tablename__ = "local_government"
    __table_args__ = (
        CheckConstraint("kind IN ('upper', 'basic', 'single_tier')", name="kind"),
        CheckConstraint("(kind = 'basic') = (upper_code IS NOT NULL)", name="basic_has_upper"),
        ForeignKeyConstraint(
            ["generation_id", "upper_code"],
            ["local_government.generation_id", "local_government.code"],
        ),
    )

    generation_id: Mapped[int] = mapped_column(
        ForeignKey("region_generation.id", ondelete="CASCADE"), primary_key=True
    )
    code: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    name: Mapped[str]
    full_name: Mapped[str]
    upper_code: Mapped[str | None]


class RegionRow(Base):
    """An administrative area of one generation.

    Ids ascend with the code within a level, so that the smallest id is the smallest code; they are
    the feature ids of tiles.
    """

    __tablename__ = "region"
    __table_args__ = (
        UniqueConstraint("generation_id", "code"),
        CheckConstraint(
            "length(code) = (ARRAY[2, 5, 8, 10])[level]",
            name="level_of_code",
        ),
        CheckConstraint("provenance IN ('exact', 'clipped', 'estimated')", name="provenance"),
        CheckConstraint("(level = 1) = (parent_id IS NULL)", name="sido_has_no_parent"),
        ForeignKeyConstraint(
            ["generation_id", "local_government_code"],
            ["local_government.generation_id", "local_government.code"],
        ),
        Index(None, "parent_id"),
        Index(None, "generation_id", "local_government_code"),
        Index(None, "geom", postgresql_using="gist"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    generation_id: Mapped[int] = mapped_column(
        ForeignKey("region_generation.id", ondelete="CASCADE")
    )
    level: Mapped[int] = mapped_column(SmallInteger)
    code: Mapped[str]
    name: Mapped[str]
    name_en: Mapped[str | None]
    full_name: Mapped[str]
    full_name_en: Mapped[str | None]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("region.id", ondelete="CASCADE"))
    local_government_code: Mapped[str]
    provenance: Mapped[str]
    area_km2: Mapped[float] = mapped_column(Double)
    label_point: Mapped[Any] = mapped_column(spatial("POINT"))
    geom: Mapped[Any] = mapped_column(spatial("MULTIPOLYGON"), deferred=True)


class SpellingRow(Base):
    """What is searched of a region; the columns are those of `geo.regions.spellings`."""

    __tablename__ = "region_spelling"
    __table_args__ = (
        Index(None, "generation_id", "level"),
        *(
            Index(None, name, postgresql_using="gin", postgresql_ops={name: "gin_trgm_ops"})
            for name in ("path_keys", "path_initials", "path_latin")
        ),
    )

    region_id: Mapped[int] = mapped_column(
        ForeignKey("region.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    generation_id: Mapped[int] = mapped_column(
        ForeignKey("region_generation.id", ondelete="CASCADE")
    )
    level: Mapped[int] = mapped_column(SmallInteger)
    code: Mapped[str]
    name_keys: Mapped[str]
    path_keys: Mapped[str]
    name_initials: Mapped[str]
    path_initials: Mapped[str]
    name_latin: Mapped[str]
    path_latin: Mapped[str]


class NeighbourRow(Base):
    """How far two regions of one level are from each other, for those that lie near.

    A pair stands here once, the smaller id first, so that both are equally far from each other.
    """

    __tablename__ = "region_neighbour"
    __table_args__ = (
        CheckConstraint("low_id < high_id", name="low_before_high"),
        CheckConstraint("distance_m >= 0 AND border_m >= 0", name="not_negative"),
        CheckConstraint("border_m = 0 OR distance_m = 0", name="border_is_touched"),
        Index(None, "high_id"),
    )

    low_id: Mapped[int] = mapped_column(
        ForeignKey("region.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    high_id: Mapped[int] = mapped_column(
        ForeignKey("region.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    distance_m: Mapped[float] = mapped_column(Double)
    border_m: Mapped[float] = mapped_column(Double)


class PieceRow(Base):
    """A small part of a neighbourhood's shape, cut for fast lookup; parts share cut lines."""

    __tablename__ = "region_piece"
    __table_args__ = (
        Index(None, "region_id"),
        Index(
            "ix_region_piece_geom_emd",
            "geom",
            postgresql_using="gist",
            postgresql_where=text("level = 3"),
        ),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id", ondelete="CASCADE"))
    generation_id: Mapped[int] = mapped_column(
        ForeignKey("region_generation.id", ondelete="CASCADE")
    )
    level: Mapped[int] = mapped_column(SmallInteger)
    geom: Mapped[Any] = mapped_column(spatial("POLYGON"))


class OverviewRow(Base):
    """A region simplified together with its neighbours for a run of zooms, in Web Mercator."""

    __tablename__ = "region_overview"
    __table_args__ = (
        Index(None, "generation_id", "level", "min_zoom"),
        Index(None, "geom", postgresql_using="gist"),
    )

    region_id: Mapped[int] = mapped_column(
        ForeignKey("region.id", ondelete="CASCADE"), primary_key=True
    )
    min_zoom: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    max_zoom: Mapped[int] = mapped_column(SmallInteger)
    generation_id: Mapped[int] = mapped_column(
        ForeignKey("region_generation.id", ondelete="CASCADE")
    )
    level: Mapped[int] = mapped_column(SmallInteger)
    geom: Mapped[Any] = mapped_column(spatial("MULTIPOLYGON", SRID_WEB))


class TileRow(Base):
    """A finished tile of a generation, packed with gzip; where nothing lies there is no row."""

    __tablename__ = "region_tile"

    generation_id: Mapped[int] = mapped_column(
        ForeignKey("region_generation.id", ondelete="CASCADE"), primary_key=True
    )
    level: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    zoom: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    x: Mapped[int] = mapped_column(primary_key=True)
    y: Mapped[int] = mapped_column(primary_key=True)
    packed: Mapped[bytes]


class CodeChangeRow(Base):
    """One step of a code to its successor on a day, as a list of changes tells it.

    `kind` is `split` where a code has several successors on the day, `merged` where a successor
    has several predecessors, else `renamed`. Codes are cut to their level (ADR 2).
    """

    __tablename__ = "code_change"
    __table_args__ = (
        UniqueConstraint("old_code", "new_code", "effective_on"),
        CheckConstraint("kind IN ('renamed', 'split', 'merged')", name="kind"),
        CheckConstraint("old_code <> new_code", name="codes_differ"),
        CheckConstraint("length(old_code) IN (2, 5, 8)", name="level_of_old_code"),
        CheckConstraint("length(new_code) = length(old_code)", name="same_level"),
        Index(None, "new_code"),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    old_code: Mapped[str]
    new_code: Mapped[str]
    kind: Mapped[str]
    effective_on: Mapped[date]
    source: Mapped[str]
    loaded_at: Mapped[datetime]
