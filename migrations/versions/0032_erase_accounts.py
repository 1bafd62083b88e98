"""Let people have a copy of their data, erase their account, and see who looked.

Revision ID: 0032
Revises: 0031
"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

OF_PERSONS = (
    ("boundary_case", "account_id"),
    ("co_author_invitation", "accepted_by"),
    ("comment_report", "account_id"),
    ("invitation", "email"),
    ("proposal_event", "actor_id"),
)
"""What names people and was never asked by whom it names."""

KEEP_ORIGIN = """
CREATE OR REPLACE FUNCTION proposal_keep_origin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.made_generation_id := NEW.generation_id;
        NEW.made_emd_code := NEW.emd_code;
        NEW.made_residence_generation_id := NEW.residence_generation_id;
        NEW.made_residence_code := NEW.residence_code;
        RETURN NEW;
    END IF;
    -- The author of a draft gives the place anew; a change of the boundaries moves no point.
    IF OLD.submitted_at IS NULL
       AND (NEW.geom IS DISTINCT FROM OLD.geom OR NEW.public_geom IS DISTINCT FROM OLD.public_geom)
    THEN
        NEW.made_generation_id := NEW.generation_id;
        NEW.made_emd_code := NEW.emd_code;
    ELSIF (NEW.made_generation_id, NEW.made_emd_code)
          IS DISTINCT FROM (OLD.made_generation_id, OLD.made_emd_code) THEN
        RAISE EXCEPTION 'under which boundaries a proposal was made does not change'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF OLD.residence_code IS NULL THEN
        NEW.made_residence_generation_id := NEW.residence_generation_id;
        NEW.made_residence_code := NEW.residence_code;
    ELSIF (NEW.made_residence_generation_id, NEW.made_residence_code)
          IS DISTINCT FROM (OLD.made_residence_generation_id, OLD.made_residence_code)%s THEN
        RAISE EXCEPTION 'under which boundaries a residence was recorded does not change'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END;
$$
"""

UNLESS_ERASED = """
          -- Of who was erased the place of the proposal is left, which everybody knows.
          AND NOT ((NEW.made_residence_generation_id, NEW.made_residence_code)
                   IS NOT DISTINCT FROM (NEW.made_generation_id, NEW.made_emd_code)
                   AND EXISTS (SELECT FROM account WHERE id = NEW.author_id
                                                    AND erased_at IS NOT NULL))"""


def upgrade() -> None:
    """Mark erased accounts, create exports and changed addresses, index looks at personal facts."""
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
    op.create_table(
        "email_change",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_email_change_email_lower")),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_email_change_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_email_change")),
    )
    op.create_index(op.f("ix_email_change_requested_at"), "email_change", ["requested_at"])
    op.create_index(
        "ix_audit_event_facts_read",
        "audit_event",
        [sa.text("(data::jsonb -> 'proposals')")],
        postgresql_using="gin",
        postgresql_where=sa.text("action = 'review.private_facts_read'"),
    )
    for table, column in OF_PERSONS:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
    op.execute(KEEP_ORIGIN % UNLESS_ERASED)


def downgrade() -> None:
    """Forget exports and marks; who was erased stays erased."""
    op.execute(KEEP_ORIGIN % "")
    for table, column in reversed(OF_PERSONS):
        op.drop_index(op.f(f"ix_{table}_{column}"), table)
    op.drop_index("ix_audit_event_facts_read", "audit_event")
    op.drop_table("email_change")
    op.drop_table("personal_export")
    op.drop_index("ix_account_erased_at", "account")
    op.drop_constraint(op.f("ck_account_erased_whole"), "account")
    op.drop_column("account", "erased_at")
