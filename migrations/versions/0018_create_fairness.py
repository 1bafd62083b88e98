"""Create tables of how many people live where, and the record of alerts before deadlines.

Revision ID: 0018
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "population_table",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("as_of", sa.Date, nullable=False),
        sa.Column("source", sa.String, nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_population_table")),
        sa.UniqueConstraint("kind", "as_of", name=op.f("uq_population_table_kind_as_of")),
        sa.CheckConstraint(
            "kind IN ('residents', 'eligible_voters')", name=op.f("ck_population_table_kind")
        ),
    )
    op.create_table(
        "population_figure",
        sa.Column("table_id", sa.Uuid, nullable=False),
        sa.Column("sigungu_code", sa.String, nullable=False),
        sa.Column("people", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("table_id", "sigungu_code", name=op.f("pk_population_figure")),
        sa.ForeignKeyConstraint(
            ["table_id"],
            ["population_table.id"],
            name=op.f("fk_population_figure_table_id_population_table"),
            ondelete="CASCADE",
        ),
        sa.CheckConstraint("people >= 0", name=op.f("ck_population_figure_people_not_negative")),
    )
    op.create_table(
        "deadline_alert",
        sa.Column("round_id", sa.Uuid, nullable=False),
        sa.Column("local_government_code", sa.String, nullable=False),
        sa.Column("alerted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint(
            "round_id", "local_government_code", name=op.f("pk_deadline_alert")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_deadline_alert_round_id_round")
        ),
    )


def downgrade() -> None:
    for table in ("deadline_alert", "population_figure", "population_table"):
        op.drop_table(table)
