"""Let people confirm where they live and on which side of a border a point lies.

Revision ID: 0022
Revises: 0021
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the log of used positions; keep the neighbourhoods near a proposal's point."""
    op.create_table(
        "location_use",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("region_code", sa.String(), nullable=False),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "purpose IN ('residence_confirmation')", name=op.f("ck_location_use_purpose")
        ),
        sa.CheckConstraint(
            "result IN ('confirmed', 'elsewhere')", name=op.f("ck_location_use_result")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_location_use_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_location_use")),
    )
    op.create_index(op.f("ix_location_use_account_id_id"), "location_use", ["account_id", "id"])
    op.create_index(op.f("ix_location_use_used_at"), "location_use", ["used_at"])
    op.add_column(
        "proposal",
        sa.Column(
            "border",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'"),
            nullable=False,
        ),
    )
    op.add_column(
        "proposal",
        sa.Column("emd_confirmed", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.alter_column("proposal", "border", server_default=None)
    op.alter_column("proposal", "emd_confirmed", server_default=None)
    op.create_check_constraint(
        op.f("ck_proposal_confirmed_has_point"),
        "proposal",
        "NOT emd_confirmed OR geom IS NOT NULL",
    )
    op.create_check_constraint(
        op.f("ck_proposal_border_array"), "proposal", "jsonb_typeof(border) = 'array'"
    )


def downgrade() -> None:
    """Forget both."""
    op.drop_constraint(op.f("ck_proposal_border_array"), "proposal")
    op.drop_constraint(op.f("ck_proposal_confirmed_has_point"), "proposal")
    op.drop_column("proposal", "emd_confirmed")
    op.drop_column("proposal", "border")
    op.drop_table("location_use")
