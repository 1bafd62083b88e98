"""Create reviews, their decisions, and the rankings of local governments.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "review",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("local_government_code", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('open', 'paused', 'adopted', 'rejected', 'transferred', 'withdrawn')",
            name=op.f("ck_review_state"),
        ),
        sa.CheckConstraint(
            "(state IN ('open', 'paused')) = (closed_at IS NULL)",
            name=op.f("ck_review_closed_at"),
        ),
        sa.CheckConstraint(
            "(state = 'paused') = (paused_at IS NOT NULL)", name=op.f("ck_review_paused_at")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_review_proposal_id_proposal")
        ),
        sa.ForeignKeyConstraint(
            ["local_government_code"],
            ["organization.local_government_code"],
            name=op.f("fk_review_local_government_code_organization"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
    )
    op.create_index(
        "uq_review_unclosed",
        "review",
        ["proposal_id"],
        unique=True,
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index("ix_review_proposal_id_received_at", "review", ["proposal_id", "received_at"])
    op.create_index(
        "ix_review_local_government_code_received_at_id",
        "review",
        ["local_government_code", "received_at", "id"],
    )
    op.create_index(
        "ix_review_local_government_code_state_received_at_id",
        "review",
        ["local_government_code", "state", "received_at", "id"],
    )
    op.create_table(
        "decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("transfer_to", sa.String(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('adopted', 'rejected', 'transferred', 'supplement_requested')",
            name=op.f("ck_decision_outcome"),
        ),
        sa.CheckConstraint("btrim(reason) <> ''", name=op.f("ck_decision_reason")),
        sa.CheckConstraint(
            "(outcome = 'transferred') = (transfer_to IS NOT NULL)",
            name=op.f("ck_decision_transfer_has_target"),
        ),
        sa.ForeignKeyConstraint(
            ["review_id"], ["review.id"], name=op.f("fk_decision_review_id_review")
        ),
        sa.ForeignKeyConstraint(
            ["transfer_to"],
            ["organization.local_government_code"],
            name=op.f("fk_decision_transfer_to_organization"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["account.id"], name=op.f("fk_decision_decided_by_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
    )
    op.create_index(
        "uq_decision_final",
        "decision",
        ["review_id"],
        unique=True,
        postgresql_where=sa.text("outcome <> 'supplement_requested'"),
    )
    op.create_index("ix_decision_review_id_decided_at", "decision", ["review_id", "decided_at"])
    op.create_table(
        "ranking",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("local_government_code", sa.String(), nullable=False),
        sa.Column("programme_year", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("ranked_by", sa.Uuid(), nullable=False),
        sa.Column("ranked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "subject IN ('proposals', 'categories')", name=op.f("ck_ranking_subject")
        ),
        sa.CheckConstraint(
            "superseded_at >= ranked_at", name=op.f("ck_ranking_superseded_after_ranked")
        ),
        sa.ForeignKeyConstraint(
            ["local_government_code"],
            ["organization.local_government_code"],
            name=op.f("fk_ranking_local_government_code_organization"),
        ),
        sa.ForeignKeyConstraint(
            ["ranked_by"], ["account.id"], name=op.f("fk_ranking_ranked_by_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ranking")),
    )
    op.create_index(
        "uq_ranking_current",
        "ranking",
        ["local_government_code", "programme_year", "subject"],
        unique=True,
        postgresql_where=sa.text("superseded_at IS NULL"),
    )
    op.create_index("ix_ranking_programme_year_subject", "ranking", ["programme_year", "subject"])
    op.create_table(
        "proposal_rank",
        sa.Column("ranking_id", sa.Uuid(), nullable=False),
        sa.Column("rank", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("rank > 0", name=op.f("ck_proposal_rank_rank")),
        sa.ForeignKeyConstraint(
            ["ranking_id"], ["ranking.id"], name=op.f("fk_proposal_rank_ranking_id_ranking")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["proposal.id"],
            name=op.f("fk_proposal_rank_proposal_id_proposal"),
        ),
        sa.PrimaryKeyConstraint("ranking_id", "rank", name=op.f("pk_proposal_rank")),
        sa.UniqueConstraint(
            "ranking_id", "proposal_id", name=op.f("uq_proposal_rank_ranking_id_proposal_id")
        ),
    )
    op.create_index("ix_proposal_rank_proposal_id", "proposal_rank", ["proposal_id"])
    op.create_table(
        "category_rank",
        sa.Column("ranking_id", sa.Uuid(), nullable=False),
        sa.Column("rank", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.CheckConstraint("rank > 0", name=op.f("ck_category_rank_rank")),
        sa.ForeignKeyConstraint(
            ["ranking_id"], ["ranking.id"], name=op.f("fk_category_rank_ranking_id_ranking")
        ),
        sa.PrimaryKeyConstraint("ranking_id", "rank", name=op.f("pk_category_rank")),
        sa.UniqueConstraint(
            "ranking_id", "category", name=op.f("uq_category_rank_ranking_id_category")
        ),
    )
    op.create_index("ix_category_rank_category", "category_rank", ["category"])


def downgrade() -> None:
    op.drop_table("category_rank")
    op.drop_table("proposal_rank")
    op.drop_table("ranking")
    op.drop_table("decision")
    op.drop_table("review")
