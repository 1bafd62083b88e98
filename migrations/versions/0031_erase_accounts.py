"""Let people have a copy of their data, erase their account, and see who looked.

Revision ID: 0031
Revises: 0030
"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Mark erased accounts, create exports, and index looks at personal facts."""
    op.add_column("account", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    op.create_check_constraint(
        op.f("ck_account_erased_whole"),
        "account",
        "erased_at IS NULL OR (disabled_at IS NOT NULL AND num_nonnulls(email, password_hash,"
        " age_declared_at, guardian_needed_until) = 0)",
    )
    op.create_index(
        "ix_account_erased_at",
        "account",
        ["erased_at"],
        postgresql_where="erased_at IS NOT NULL",
    )
    op.create_table(
        "personal_export",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("file_name", sa.String(), nullable=True),
        sa.Column("file_bytes", sa.BigInteger(), nullable=True),
        sa.Column("file_sha256", sa.String(), nullable=True),
        sa.Column("link_sha256", sa.String(), nullable=True),
        sa.Column("link_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("downloaded_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "num_nulls(ready_at, expires_at, file_name, file_bytes, file_sha256) IN (0, 5)",
            name=op.f("ck_personal_export_ready_whole"),
        ),
        sa.CheckConstraint(
            "num_nulls(link_sha256, link_expires_at) IN (0, 2)"
            " AND (link_sha256 IS NULL OR ready_at IS NOT NULL)",
            name=op.f("ck_personal_export_link_whole"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_personal_export_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_personal_export")),
        sa.UniqueConstraint("link_sha256", name=op.f("uq_personal_export_link_sha256")),
    )
    op.create_index(
        "uq_personal_export_under_way",
        "personal_export",
        ["account_id"],
        unique=True,
        postgresql_where="ready_at IS NULL",
    )
    op.create_index(
        op.f("ix_personal_export_account_id_id"), "personal_export", ["account_id", "id"]
    )
    op.create_index(op.f("ix_personal_export_requested_at"), "personal_export", ["requested_at"])
    op.create_index(op.f("ix_personal_export_file_name"), "personal_export", ["file_name"])
    op.create_index(
        "ix_audit_event_facts_read",
        "audit_event",
        [sa.text("((data)::jsonb -> 'proposals'::text)")],
        postgresql_using="gin",
        postgresql_where=sa.text("action = 'review.private_facts_read'"),
    )


def downgrade() -> None:
    """Forget exports and marks; who was erased stays erased."""
    op.drop_index("ix_audit_event_facts_read", "audit_event")
    op.drop_table("personal_export")
    op.drop_index("ix_account_erased_at", "account")
    op.drop_constraint(op.f("ck_account_erased_whole"), "account")
    op.drop_column("account", "erased_at")
