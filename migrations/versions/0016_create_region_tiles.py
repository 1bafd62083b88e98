"""Create the tiles that are drawn when boundaries are loaded.

Boundaries that are loaded already get theirs when boundaries are loaded the next time, as
`flask prepare` does.

Revision ID: 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "region_tile",
        sa.Column("generation_id", sa.Integer, nullable=False),
        sa.Column("level", sa.SmallInteger, nullable=False),
        sa.Column("zoom", sa.SmallInteger, nullable=False),
        sa.Column("x", sa.Integer, nullable=False),
        sa.Column("y", sa.Integer, nullable=False),
        sa.Column("packed", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("generation_id", "level", "zoom", "x", "y", name="pk_region_tile"),
        sa.ForeignKeyConstraint(
            ["generation_id"],
            ["region_generation.id"],
            name="fk_region_tile_generation_id_region_generation",
            ondelete="CASCADE",
        ),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("region_tile")
