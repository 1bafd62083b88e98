"""Let a proposal be merged into the one that was received first, and find similar ones.

Revision ID: 0029
Revises: 0028
"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

STATES = "'draft', 'submitted', 'supplement_requested', 'adopted', 'rejected', 'withdrawn'"
REVIEW_STATES = "'open', 'paused', 'adopted', 'rejected', 'transferred', 'withdrawn'"

STANDING = sa.text("undone_at IS NULL")


def upgrade() -> None:
    """Add the state and the tables of merges, and the text that similar proposals are found by."""
    _set_states("proposal", "status", f"{STATES}, 'merged'")
    _set_states("review", "state", f"{REVIEW_STATES}, 'merged'")
    op.add_column("proposal", sa.Column("merged_at", sa.DateTime(timezone=True), nullable=True))
    op.create_check_constraint(
        op.f("ck_proposal_merged_at"), "proposal", "(status = 'merged') = (merged_at IS NOT NULL)"
    )
    create_merges()
    create_carried_endorsements()


def downgrade() -> None:
    """Take all of it back; merged proposals have to be separated first."""
    op.drop_table("carried_endorsement")
    op.drop_table("proposal_merge")
    op.drop_constraint(op.f("ck_proposal_merged_at"), "proposal", type_="check")
    op.drop_column("proposal", "merged_at")
    _set_states("review", "state", REVIEW_STATES)
    _set_states("proposal", "status", STATES)


def create_merges() -> None:
    """Create the table of which proposal was merged into which, and until when."""
    op.create_table(
        "proposal_merge",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("merged_id", sa.Uuid(), nullable=False),
        sa.Column("survivor_id", sa.Uuid(), nullable=False),
        sa.Column("end_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("status_before", sa.String(), nullable=False),
        sa.Column("merged_by", sa.Uuid(), nullable=False),
        sa.Column("merged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("objected_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.Uuid(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undo_reason", sa.String(), nullable=True),
        sa.CheckConstraint(
            "merged_id NOT IN (survivor_id, end_id)", name=op.f("ck_proposal_merge_two_proposals")
        ),
        sa.CheckConstraint("btrim(reason) <> ''", name=op.f("ck_proposal_merge_reason")),
        sa.CheckConstraint(
            "status_before IN ('submitted', 'supplement_requested')",
            name=op.f("ck_proposal_merge_status_before"),
        ),
        sa.CheckConstraint(
            "(undone_at IS NULL) = (undone_by IS NULL)"
            " AND (undo_reason IS NULL OR undone_at IS NOT NULL)",
            name=op.f("ck_proposal_merge_undone_whole"),
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], ["proposal.id"], name=op.f(f"fk_proposal_merge_{column}_proposal")
            )
            for column in ("merged_id", "survivor_id", "end_id")
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], ["account.id"], name=op.f(f"fk_proposal_merge_{column}_account")
            )
            for column in ("merged_by", "undone_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_merge")),
    )
    op.create_index(
        "uq_proposal_merge_standing",
        "proposal_merge",
        ["merged_id"],
        unique=True,
        postgresql_where=STANDING,
    )
    for column in ("survivor_id", "end_id"):
        op.create_index(
            f"ix_proposal_merge_{column}", "proposal_merge", [column], postgresql_where=STANDING
        )


def create_carried_endorsements() -> None:
    """Create the table of endorsements that are at a proposal by a merge only."""
    op.create_table(
        "carried_endorsement",
        sa.Column("merge_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["merge_id"],
            ["proposal_merge.id"],
            name=op.f("fk_carried_endorsement_merge_id_proposal_merge"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_carried_endorsement_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("merge_id", "account_id", name=op.f("pk_carried_endorsement")),
    )
    op.create_index("ix_carried_endorsement_account_id", "carried_endorsement", ["account_id"])


def _set_states(table: str, column: str, states: str) -> None:
    name = op.f(f"ck_{table}_{column}")
    op.drop_constraint(name, table, type_="check")
    op.create_check_constraint(name, table, f"{column} IN ({states})")
