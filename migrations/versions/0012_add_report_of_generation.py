"""Add to each generation the report of its validation.

Generations that were validated before have none.

Revision ID: 0012
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("region_generation", sa.Column("report", JSONB))


def downgrade() -> None:
    op.drop_column("region_generation", "report")
