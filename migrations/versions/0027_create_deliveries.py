"""Create what notices leave the application by: choices, devices, addresses, areas, deliveries.

Revision ID: 0027
Revises: 0026
"""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables, and the indexes that unread notices are found by."""
    op.create_index(
        "ix_notice_unread",
        "notice",
        ["recipient_id", "id"],
        postgresql_where=sa.text("read_at IS NULL"),
    )
    op.create_index("ix_notice_subject", "notice", ["subject_id", "recipient_id"])
    create_preferences()
    create_push_subscriptions()
    create_email_confirmations()
    create_deliveries()
    create_areas()


def downgrade() -> None:
    """Drop the tables and the indexes."""
    for table in (
        "area_event",
        "area_subscription",
        "delivery",
        "email_confirmation",
        "push_subscription",
        "notification_preference",
    ):
        op.drop_table(table)
    op.drop_index("ix_notice_subject", "notice")
    op.drop_index("ix_notice_unread", "notice")


def create_preferences() -> None:
    op.create_table(
        "notification_preference",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("quiet_from", sa.Time(), nullable=True),
        sa.Column("quiet_until", sa.Time(), nullable=True),
        sa.Column("digest_every", sa.String(), nullable=False),
        sa.Column("digest_hour", sa.Integer(), nullable=False),
        sa.Column("digest_weekday", sa.Integer(), nullable=False),
        sa.Column("channels", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "language IN ('ko', 'en')", name=op.f("ck_notification_preference_language")
        ),
        sa.CheckConstraint(
            "num_nulls(quiet_from, quiet_until) IN (0, 2)",
            name=op.f("ck_notification_preference_quiet_whole"),
        ),
        sa.CheckConstraint(
            "quiet_from <> quiet_until", name=op.f("ck_notification_preference_quiet_not_all_day")
        ),
        sa.CheckConstraint(
            "digest_every IN ('daily', 'weekly')",
            name=op.f("ck_notification_preference_digest_every"),
        ),
        sa.CheckConstraint(
            "digest_hour BETWEEN 0 AND 23", name=op.f("ck_notification_preference_digest_hour")
        ),
        sa.CheckConstraint(
            "digest_weekday BETWEEN 1 AND 7",
            name=op.f("ck_notification_preference_digest_weekday"),
        ),
        sa.CheckConstraint(
            "jsonb_typeof(channels) = 'object'",
            name=op.f("ck_notification_preference_channels_object"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_notification_preference_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_notification_preference")),
    )


def create_push_subscriptions() -> None:
    op.create_table(
        "push_subscription",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=True),
        sa.Column("endpoint", sa.String(), nullable=False),
        sa.Column("p256dh", sa.String(), nullable=False),
        sa.Column("auth", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_push_subscription_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_push_subscription")),
        sa.UniqueConstraint("endpoint", name=op.f("uq_push_subscription_endpoint")),
    )
    op.create_index(
        op.f("ix_push_subscription_account_id_id"), "push_subscription", ["account_id", "id"]
    )


def create_email_confirmations() -> None:
    op.create_table(
        "email_confirmation",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "confirmed_at >= requested_at", name=op.f("ck_email_confirmation_confirmed_after")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_email_confirmation_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_email_confirmation")),
    )


def create_deliveries() -> None:
    op.create_table(
        "delivery",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("recipient_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("push_subscription_id", sa.Uuid(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.String(), nullable=True),
        sa.CheckConstraint(
            "channel IN ('push', 'email', 'digest')", name=op.f("ck_delivery_channel")
        ),
        sa.CheckConstraint(
            "state IN ('pending', 'sending', 'sent', 'failed', 'skipped')",
            name=op.f("ck_delivery_state"),
        ),
        sa.CheckConstraint(
            "(channel = 'push') = (push_subscription_id IS NOT NULL)",
            name=op.f("ck_delivery_device_of_push"),
        ),
        sa.CheckConstraint(
            "(state IN ('pending', 'sending')) = (ended_at IS NULL)",
            name=op.f("ck_delivery_ended_at"),
        ),
        sa.CheckConstraint(
            "(state = 'sending') = (claimed_at IS NOT NULL)", name=op.f("ck_delivery_claimed_at")
        ),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_delivery_attempts")),
        sa.ForeignKeyConstraint(
            ["notice_id"],
            ["notice.id"],
            name=op.f("fk_delivery_notice_id_notice"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["recipient_id"],
            ["account.id"],
            name=op.f("fk_delivery_recipient_id_account"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["push_subscription_id"],
            ["push_subscription.id"],
            name=op.f("fk_delivery_push_subscription_id_push_subscription"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
    )
    op.create_index(
        "uq_delivery_push",
        "delivery",
        ["notice_id", "push_subscription_id"],
        unique=True,
        postgresql_where=sa.text("channel = 'push'"),
    )
    op.create_index(
        "uq_delivery_letter",
        "delivery",
        ["notice_id"],
        unique=True,
        postgresql_where=sa.text("channel <> 'push'"),
    )
    op.create_index("ix_delivery_recipient_id", "delivery", ["recipient_id"])
    op.create_index("ix_delivery_push_subscription_id", "delivery", ["push_subscription_id"])
    op.create_index(
        "ix_delivery_due",
        "delivery",
        ["due_at", "id"],
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(
        "ix_delivery_ended",
        "delivery",
        ["ended_at"],
        postgresql_where=sa.text("ended_at IS NOT NULL"),
    )


def create_areas() -> None:
    op.create_table(
        "area_subscription",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("centre", Geometry("POINT", srid=4326, spatial_index=False), nullable=True),
        sa.Column("radius_m", sa.Integer(), nullable=True),
        sa.Column("bounds", Geometry("POLYGON", srid=4326, spatial_index=False), nullable=True),
        sa.Column("region_codes", postgresql.ARRAY(sa.Text()), nullable=True),
        sa.Column("generation_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "num_nulls(centre, radius_m, bounds) IN (0, 3)"
            " AND num_nulls(region_codes, generation_id) IN (0, 2)"
            " AND num_nulls(centre, region_codes) = 1",
            name=op.f("ck_area_subscription_circle_or_regions"),
        ),
        sa.CheckConstraint(
            "radius_m BETWEEN 100 AND 5000", name=op.f("ck_area_subscription_radius_m")
        ),
        sa.CheckConstraint(
            "cardinality(region_codes) > 0", name=op.f("ck_area_subscription_region_codes")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_area_subscription_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["generation_id"],
            ["region_generation.id"],
            name=op.f("fk_area_subscription_generation_id_region_generation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_area_subscription")),
    )
    op.create_index(
        op.f("ix_area_subscription_account_id_id"), "area_subscription", ["account_id", "id"]
    )
    op.create_index(
        "ix_area_subscription_bounds", "area_subscription", ["bounds"], postgresql_using="gist"
    )
    op.create_index(
        "ix_area_subscription_region_codes",
        "area_subscription",
        ["region_codes"],
        postgresql_using="gin",
    )
    op.create_table(
        "area_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject_type", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("params", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("geom", Geometry("POINT", srid=4326, spatial_index=False), nullable=False),
        sa.Column("emd_code", sa.String(), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_area_event")),
    )
