"""Create photos of proposals, their redactions, and uploads that arrive in chunks.

Revision ID: 0026
Revises: 0025
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "photo",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("alt", sa.String(), nullable=True),
        sa.Column("caption", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("full_name", sa.String(), nullable=False),
        sa.Column("full_sha256", sa.String(), nullable=False),
        sa.Column("full_bytes", sa.Integer(), nullable=False),
        sa.Column("full_width", sa.Integer(), nullable=False),
        sa.Column("full_height", sa.Integer(), nullable=False),
        sa.Column("thumb_name", sa.String(), nullable=True),
        sa.Column("thumb_sha256", sa.String(), nullable=True),
        sa.Column("thumb_bytes", sa.Integer(), nullable=True),
        sa.Column("thumb_width", sa.Integer(), nullable=True),
        sa.Column("thumb_height", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("redacted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("version > 0", name=op.f("ck_photo_version")),
        sa.CheckConstraint(
            "num_nulls(thumb_name, thumb_sha256, thumb_bytes, thumb_width, thumb_height) IN (0, 5)",
            name=op.f("ck_photo_thumb_whole"),
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["proposal.id"],
            name=op.f("fk_photo_proposal_id_proposal"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["account.id"], name=op.f("fk_photo_author_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photo")),
        sa.UniqueConstraint(
            "proposal_id",
            "position",
            name=op.f("uq_photo_proposal_id_position"),
            deferrable=True,
            initially="DEFERRED",
        ),
    )
    op.create_index(op.f("ix_photo_author_id"), "photo", ["author_id"])
    op.create_index(op.f("ix_photo_full_name"), "photo", ["full_name"])
    op.create_index(op.f("ix_photo_thumb_name"), "photo", ["thumb_name"])
    op.create_table(
        "photo_redaction",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("photo_id", sa.Uuid(), nullable=False),
        sa.Column("redacted_by", sa.Uuid(), nullable=True),
        sa.Column("rectangles", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("redacted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "jsonb_typeof(rectangles) = 'array'", name=op.f("ck_photo_redaction_rectangles_list")
        ),
        sa.ForeignKeyConstraint(
            ["photo_id"],
            ["photo.id"],
            name=op.f("fk_photo_redaction_photo_id_photo"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["redacted_by"],
            ["account.id"],
            name=op.f("fk_photo_redaction_redacted_by_account"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photo_redaction")),
    )
    op.create_index(op.f("ix_photo_redaction_photo_id"), "photo_redaction", ["photo_id"])
    op.create_table(
        "upload",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("folder", sa.String(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("received_bytes", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=True),
        sa.Column("alt", sa.String(), nullable=True),
        sa.Column("caption", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "received_bytes BETWEEN 0 AND size_bytes", name=op.f("ck_upload_received_bytes")
        ),
        sa.CheckConstraint(
            "completed_at IS NULL OR received_bytes = size_bytes",
            name=op.f("ck_upload_whole_when_completed"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_upload_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["proposal.id"],
            name=op.f("fk_upload_proposal_id_proposal"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload")),
    )
    op.create_index(op.f("ix_upload_account_id"), "upload", ["account_id"])
    op.create_index(op.f("ix_upload_proposal_id"), "upload", ["proposal_id"])
    op.create_index(op.f("ix_upload_folder"), "upload", ["folder"])
    op.create_index(op.f("ix_upload_expires_at"), "upload", ["expires_at"])


def downgrade() -> None:
    """Drop the rows; the files below the storage's folders are left to whoever goes back."""
    op.drop_table("upload")
    op.drop_table("photo_redaction")
    op.drop_table("photo")
