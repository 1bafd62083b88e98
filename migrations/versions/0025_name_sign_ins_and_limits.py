"""Name each sign-in and its device; keep second factors, asked resets and counted requests.

Revision ID: 0025
Revises: 0024
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_FAMILIES = """
    INSERT INTO sign_in
        (id, account_id, device_id, first_seen_on, last_seen_on, started_at, expires_at, ended_at)
    SELECT family_id, account_id, family_id, min(issued_at)::date, max(issued_at)::date,
           min(issued_at), max(expires_at), max(revoked_at)
    FROM refresh_token GROUP BY family_id, account_id
"""
"""Whoever is signed in stays so: a family of tokens becomes a sign-in on a device of its own."""

_OWNERS = """
    UPDATE refresh_token SET account_id = sign_in.account_id, revoked_at = sign_in.ended_at
    FROM sign_in WHERE sign_in.id = refresh_token.family_id
"""


def upgrade() -> None:
    """Create the tables, and hang refresh tokens on sign-ins."""
    _create_sign_in()
    _create_second_factor()
    op.create_table(
        "password_reset",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("token_sha256", sa.String(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(token_sha256 IS NULL) = (expires_at IS NULL)",
            name=op.f("ck_password_reset_token_expires"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_password_reset_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_password_reset")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_password_reset_token_sha256")),
    )
    op.create_index(op.f("ix_password_reset_account_id"), "password_reset", ["account_id"])
    op.create_index(op.f("ix_password_reset_asked_at"), "password_reset", ["asked_at"])
    op.create_table(
        "rate_limit",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_rate_limit")),
        prefixes=["UNLOGGED"],
    )
    op.create_index(op.f("ix_rate_limit_expires_at"), "rate_limit", ["expires_at"])


def _create_sign_in() -> None:
    op.create_table(
        "sign_in",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("device_name", sa.String(), nullable=True),
        sa.Column("platform", sa.String(), nullable=True),
        sa.Column("first_seen_on", sa.Date(), nullable=False),
        sa.Column("last_seen_on", sa.Date(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_sign_in_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
    )
    op.create_index(op.f("ix_sign_in_account_id"), "sign_in", ["account_id"])
    op.create_index(op.f("ix_sign_in_expires_at"), "sign_in", ["expires_at"])
    op.create_index(
        "uq_sign_in_open_device",
        "sign_in",
        ["account_id", "device_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.execute(_FAMILIES)
    op.drop_index(op.f("ix_refresh_token_family_id"), "refresh_token")
    op.alter_column("refresh_token", "family_id", new_column_name="sign_in_id")
    op.drop_column("refresh_token", "account_id")
    op.drop_column("refresh_token", "revoked_at")
    op.create_foreign_key(
        op.f("fk_refresh_token_sign_in_id_sign_in"),
        "refresh_token",
        "sign_in",
        ["sign_in_id"],
        ["id"],
        ondelete="CASCADE",
    )
    op.create_index(op.f("ix_refresh_token_sign_in_id"), "refresh_token", ["sign_in_id"])
    op.create_index(op.f("ix_refresh_token_expires_at"), "refresh_token", ["expires_at"])


def _create_second_factor() -> None:
    op.create_table(
        "second_factor",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("sealed_secret", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_step", sa.BigInteger(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("failures >= 0", name=op.f("ck_second_factor_failures_not_negative")),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_second_factor_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_second_factor")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("code_hmac", sa.LargeBinary(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["second_factor.account_id"],
            name=op.f("fk_recovery_code_account_id_second_factor"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", "code_hmac", name=op.f("pk_recovery_code")),
    )


def downgrade() -> None:
    """Hang refresh tokens on accounts again, and drop the tables."""
    for table in ("rate_limit", "password_reset", "recovery_code", "second_factor"):
        op.drop_table(table)
    op.drop_index(op.f("ix_refresh_token_expires_at"), "refresh_token")
    op.drop_index(op.f("ix_refresh_token_sign_in_id"), "refresh_token")
    op.drop_constraint(op.f("fk_refresh_token_sign_in_id_sign_in"), "refresh_token")
    op.alter_column("refresh_token", "sign_in_id", new_column_name="family_id")
    op.add_column("refresh_token", sa.Column("account_id", sa.Uuid(), nullable=True))
    op.add_column(
        "refresh_token", sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.execute(_OWNERS)
    op.alter_column("refresh_token", "account_id", nullable=False)
    op.create_foreign_key(
        op.f("fk_refresh_token_account_id_account"),
        "refresh_token",
        "account",
        ["account_id"],
        ["id"],
        ondelete="CASCADE",
    )
    op.create_index(op.f("ix_refresh_token_family_id"), "refresh_token", ["family_id"])
    op.drop_table("sign_in")
