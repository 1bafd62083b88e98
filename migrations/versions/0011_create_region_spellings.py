"""Create what regions are found by and how far they are from each other.

Both are computed from names and shapes, which is no work for SQL: boundaries that are loaded
already get them when boundaries are loaded the next time, as `flask prepare` does.

Revision ID: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create spellings and neighbours; they take the place of the index on full names."""
    op.add_column("region", sa.Column("full_name_en", sa.String))
    create_spellings()
    create_neighbours()
    op.drop_index("ix_region_full_name", "region")


def downgrade() -> None:
    """Drop both, and the English names with them."""
    op.create_index(
        "ix_region_full_name",
        "region",
        ["full_name"],
        postgresql_using="gin",
        postgresql_ops={"full_name": "gin_trgm_ops"},
    )
    op.drop_table("region_neighbour")
    op.drop_table("region_spelling")
    op.drop_column("region", "full_name_en")


def create_spellings() -> None:
    op.create_table(
        "region_spelling",
        sa.Column("region_id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("generation_id", sa.Integer, nullable=False),
        sa.Column("level", sa.SmallInteger, nullable=False),
        sa.Column("code", sa.String, nullable=False),
        sa.Column("name_keys", sa.String, nullable=False),
        sa.Column("path_keys", sa.String, nullable=False),
        sa.Column("name_initials", sa.String, nullable=False),
        sa.Column("path_initials", sa.String, nullable=False),
        sa.Column("name_latin", sa.String, nullable=False),
        sa.Column("path_latin", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("region_id", name="pk_region_spelling"),
        sa.ForeignKeyConstraint(
            ["region_id"],
            ["region.id"],
            name="fk_region_spelling_region_id_region",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["generation_id"],
            ["region_generation.id"],
            name="fk_region_spelling_generation_id_region_generation",
            ondelete="CASCADE",
        ),
    )
    op.create_index(
        "ix_region_spelling_generation_id_level", "region_spelling", ["generation_id", "level"]
    )
    for column in ("path_keys", "path_initials", "path_latin"):
        op.create_index(
            f"ix_region_spelling_{column}",
            "region_spelling",
            [column],
            postgresql_using="gin",
            postgresql_ops={column: "gin_trgm_ops"},
        )


def create_neighbours() -> None:
    op.create_table(
        "region_neighbour",
        sa.Column("low_id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("high_id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("distance_m", sa.Double, nullable=False),
        sa.Column("border_m", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("low_id", "high_id", name="pk_region_neighbour"),
        sa.ForeignKeyConstraint(
            ["low_id"],
            ["region.id"],
            name="fk_region_neighbour_low_id_region",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["high_id"],
            ["region.id"],
            name="fk_region_neighbour_high_id_region",
            ondelete="CASCADE",
        ),
        sa.CheckConstraint("low_id < high_id", name=op.f("ck_region_neighbour_low_before_high")),
        sa.CheckConstraint(
            "distance_m >= 0 AND border_m >= 0", name=op.f("ck_region_neighbour_not_negative")
        ),
        sa.CheckConstraint(
            "border_m = 0 OR distance_m = 0", name=op.f("ck_region_neighbour_border_is_touched")
        ),
    )
    op.create_index("ix_region_neighbour_high_id", "region_neighbour", ["high_id"])
