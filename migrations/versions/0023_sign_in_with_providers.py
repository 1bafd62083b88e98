"""Let people come from sign-in providers, and keep what they agree to.

Revision ID: 0023
Revises: 0022
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create attempts, identities and consents; an account may have no password."""
    op.alter_column("account", "email", nullable=True)
    op.alter_column("account", "password_hash", nullable=True)
    op.add_column(
        "account", sa.Column("age_declared_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column("account", sa.Column("guardian_needed_until", sa.Date(), nullable=True))
    op.create_check_constraint(
        op.f("ck_account_password_with_email"),
        "account",
        "password_hash IS NULL OR email IS NOT NULL",
    )
    op.create_check_constraint(
        op.f("ck_account_guardian_of_declared_age"),
        "account",
        "guardian_needed_until IS NULL OR age_declared_at IS NOT NULL",
    )
    _create_sign_in()
    _create_consents()


def downgrade() -> None:
    """Drop them; who came from a provider cannot sign in any more and is closed."""
    op.drop_table("guardian_consent")
    op.drop_table("consent")
    op.drop_table("external_identity")
    op.drop_table("sign_in_attempt")
    op.drop_constraint(op.f("ck_account_guardian_of_declared_age"), "account", type_="check")
    op.drop_constraint(op.f("ck_account_password_with_email"), "account", type_="check")
    op.drop_column("account", "guardian_needed_until")
    op.drop_column("account", "age_declared_at")
    op.execute(
        """
        UPDATE account SET email = coalesce(email, id || '@nowhere.invalid'),
            password_hash = '', disabled_at = coalesce(disabled_at, now())
        WHERE password_hash IS NULL
        """
    )
    op.alter_column("account", "password_hash", nullable=False)
    op.alter_column("account", "email", nullable=False)


def _create_sign_in() -> None:
    op.create_table(
        "sign_in_attempt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("redirect_uri", sa.String(), nullable=True),
        sa.Column("code_challenge", sa.String(), nullable=True),
        sa.Column("state_sha256", sa.String(), nullable=True),
        sa.Column("nonce_sha256", sa.String(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(redirect_uri IS NULL) = (code_challenge IS NULL)"
            " AND (redirect_uri IS NULL) = (state_sha256 IS NULL)",
            name=op.f("ck_sign_in_attempt_code_flow_whole"),
        ),
        sa.CheckConstraint(
            "expires_at > begun_at", name=op.f("ck_sign_in_attempt_expires_after_begun")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_sign_in_attempt_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempt")),
    )
    op.create_index(op.f("ix_sign_in_attempt_expires_at"), "sign_in_attempt", ["expires_at"])
    op.create_table(
        "external_identity",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("subject_hmac", sa.String(), nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "subject_hmac ~ '^[0-9a-f]{64}$'",
            name=op.f("ck_external_identity_subject_hmac_form"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_external_identity_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_external_identity")),
        sa.UniqueConstraint("subject_hmac", name=op.f("uq_external_identity_subject_hmac")),
    )
    op.create_index(op.f("ix_external_identity_account_id"), "external_identity", ["account_id"])


def _create_consents() -> None:
    op.create_table(
        "consent",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("agreed", sa.Boolean(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_consent_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    op.create_index("ix_consent_account_document", "consent", ["account_id", "document", "id"])
    op.create_table(
        "guardian_consent",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("contact", sa.String(), nullable=True),
        sa.Column("token_sha256", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agreed", sa.Boolean(), nullable=True),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (agreed IS NULL)",
            name=op.f("ck_guardian_consent_decided_whole"),
        ),
        sa.CheckConstraint(
            "decided_at IS NULL OR contact IS NULL",
            name=op.f("ck_guardian_consent_contact_until_decided"),
        ),
        sa.CheckConstraint(
            "expires_at >= asked_at", name=op.f("ck_guardian_consent_expires_after_asked")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_guardian_consent_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guardian_consent")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_guardian_consent_token_sha256")),
    )
    op.create_index(op.f("ix_guardian_consent_account_id"), "guardian_consent", ["account_id"])
