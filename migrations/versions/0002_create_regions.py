"""Create the tables of boundaries: generations, local governments, regions, pieces, overviews.

Revision ID: 0002
"""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_generations()
    create_governments()
    create_regions()
    create_pieces()
    create_overviews()


def downgrade() -> None:
    for table in (
        "region_overview",
        "region_piece",
        "region",
        "local_government",
        "region_generation",
    ):
        op.drop_table(table)


def create_generations() -> None:
    op.create_table(
        "region_generation",
        sa.Column("id", sa.Integer, sa.Identity(always=True), nullable=False),
        sa.Column("label", sa.String, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("layer_key", sa.String, nullable=False),
        sa.Column("sources", JSONB, nullable=False),
        sa.Column("data_date", sa.Date, nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("validated_at", sa.DateTime(timezone=True)),
        sa.Column("activated_at", sa.DateTime(timezone=True)),
        sa.Column("retired_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_region_generation"),
        sa.CheckConstraint(
            "state IN ('draft', 'validated', 'active', 'retired')",
            name=op.f("ck_region_generation_state"),
        ),
    )
    op.create_index(
        "uq_region_generation_active",
        "region_generation",
        ["state"],
        unique=True,
        postgresql_where=sa.text("state = 'active'"),
    )


def create_governments() -> None:
    op.create_table(
        "local_government",
        sa.Column("generation_id", sa.Integer, nullable=False),
        sa.Column("code", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("full_name", sa.String, nullable=False),
        sa.Column("upper_code", sa.String),
        sa.PrimaryKeyConstraint("generation_id", "code", name="pk_local_government"),
        sa.ForeignKeyConstraint(
            ["generation_id"],
            ["region_generation.id"],
            name="fk_local_government_generation_id_region_generation",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["generation_id", "upper_code"],
            ["local_government.generation_id", "local_government.code"],
            name="fk_local_government_generation_id_upper_code_local_government",
        ),
        sa.CheckConstraint(
            "kind IN ('upper', 'basic', 'single_tier')", name=op.f("ck_local_government_kind")
        ),
        sa.CheckConstraint(
            "(kind = 'basic') = (upper_code IS NOT NULL)",
            name=op.f("ck_local_government_basic_has_upper"),
        ),
    )


def create_regions() -> None:
    op.create_table(
        "region",
        sa.Column("id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("generation_id", sa.Integer, nullable=False),
        sa.Column("level", sa.SmallInteger, nullable=False),
        sa.Column("code", sa.String, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("name_en", sa.String),
        sa.Column("full_name", sa.String, nullable=False),
        sa.Column("parent_id", sa.Integer),
        sa.Column("local_government_code", sa.String, nullable=False),
        sa.Column("provenance", sa.String, nullable=False),
        sa.Column("area_km2", sa.Double, nullable=False),
        sa.Column("label_point", Geometry("POINT", srid=4326, spatial_index=False), nullable=False),
        sa.Column("geom", Geometry("MULTIPOLYGON", srid=4326, spatial_index=False), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_region"),
        sa.UniqueConstraint("generation_id", "code", name="uq_region_generation_id_code"),
        sa.ForeignKeyConstraint(
            ["generation_id"],
            ["region_generation.id"],
            name="fk_region_generation_id_region_generation",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["region.id"], name="fk_region_parent_id_region", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["generation_id", "local_government_code"],
            ["local_government.generation_id", "local_government.code"],
            name="fk_region_generation_id_local_government_code_local_government",
        ),
        sa.CheckConstraint(
            "length(code) = (ARRAY[2, 5, 8, 10])[level]",
            name=op.f("ck_region_level_of_code"),
        ),
        sa.CheckConstraint(
            "provenance IN ('exact', 'clipped', 'estimated')", name=op.f("ck_region_provenance")
        ),
        sa.CheckConstraint(
            "(level = 1) = (parent_id IS NULL)", name=op.f("ck_region_sido_has_no_parent")
        ),
    )
    op.create_index("ix_region_parent_id", "region", ["parent_id"])
    op.create_index(
        "ix_region_generation_id_local_government_code",
        "region",
        ["generation_id", "local_government_code"],
    )
    op.create_index(
        "ix_region_full_name",
        "region",
        ["full_name"],
        postgresql_using="gin",
        postgresql_ops={"full_name": "gin_trgm_ops"},
    )
    op.create_index("ix_region_geom", "region", ["geom"], postgresql_using="gist")


def create_pieces() -> None:
    op.create_table(
        "region_piece",
        sa.Column("id", sa.Integer, sa.Identity(always=True), nullable=False),
        sa.Column("region_id", sa.Integer, nullable=False),
        sa.Column("generation_id", sa.Integer, nullable=False),
        sa.Column("level", sa.SmallInteger, nullable=False),
        sa.Column("geom", Geometry("POLYGON", srid=4326, spatial_index=False), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_region_piece"),
        sa.ForeignKeyConstraint(
            ["region_id"],
            ["region.id"],
            name="fk_region_piece_region_id_region",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["generation_id"],
            ["region_generation.id"],
            name="fk_region_piece_generation_id_region_generation",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_region_piece_region_id", "region_piece", ["region_id"])
    op.create_index(
        "ix_region_piece_geom_emd",
        "region_piece",
        ["geom"],
        postgresql_using="gist",
        postgresql_where=sa.text("level = 3"),
    )


def create_overviews() -> None:
    op.create_table(
        "region_overview",
        sa.Column("region_id", sa.Integer, nullable=False),
        sa.Column("min_zoom", sa.SmallInteger, nullable=False),
        sa.Column("max_zoom", sa.SmallInteger, nullable=False),
        sa.Column("generation_id", sa.Integer, nullable=False),
        sa.Column("level", sa.SmallInteger, nullable=False),
        sa.Column("geom", Geometry("MULTIPOLYGON", srid=3857, spatial_index=False), nullable=False),
        sa.PrimaryKeyConstraint("region_id", "min_zoom", name="pk_region_overview"),
        sa.ForeignKeyConstraint(
            ["region_id"],
            ["region.id"],
            name="fk_region_overview_region_id_region",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["generation_id"],
            ["region_generation.id"],
            name="fk_region_overview_generation_id_region_generation",
            ondelete="CASCADE",
        ),
    )
    op.create_index(
        "ix_region_overview_generation_id_level_min_zoom",
        "region_overview",
        ["generation_id", "level", "min_zoom"],
    )
    op.create_index("ix_region_overview_geom", "region_overview", ["geom"], postgresql_using="gist")
