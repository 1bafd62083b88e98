"""Create the crosswalk of codes: which code became which, and when.

Revision ID: 0013
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "code_change",
        sa.Column("id", sa.Integer, sa.Identity(always=True), nullable=False),
        sa.Column("old_code", sa.String, nullable=False),
        sa.Column("new_code", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("effective_on", sa.Date, nullable=False),
        sa.Column("source", sa.String, nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_code_change")),
        sa.UniqueConstraint(
            "old_code",
            "new_code",
            "effective_on",
            name=op.f("uq_code_change_old_code_new_code_effective_on"),
        ),
        sa.CheckConstraint(
            "kind IN ('renamed', 'split', 'merged')", name=op.f("ck_code_change_kind")
        ),
        sa.CheckConstraint("old_code <> new_code", name=op.f("ck_code_change_codes_differ")),
        sa.CheckConstraint(
            "length(old_code) IN (2, 5, 8)", name=op.f("ck_code_change_level_of_old_code")
        ),
        sa.CheckConstraint(
            "length(new_code) = length(old_code)", name=op.f("ck_code_change_same_level")
        ),
    )
    op.create_index(op.f("ix_code_change_new_code"), "code_change", ["new_code"])


def downgrade() -> None:
    op.drop_table("code_change")
