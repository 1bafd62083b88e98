"""Keep versions of proposals, who writes and follows them, and what is said about them.

Whoever submitted before was promised that nothing of them is shown: those proposals are anonymous.
What they say now becomes the version that they were submitted with, and their review counts as
started, because nobody knows who has read them.

Revision ID: 0028
Revises: 0027
"""

import geoalchemy2
import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

REASONS = "('illegal', 'personal_data', 'abuse', 'spam', 'off_topic')"


def upgrade() -> None:
    """Extend proposals, and create the tables of everything that people do around them."""
    extend_proposals()
    create_versions()
    create_co_authors()
    create_follows()
    create_comments()
    create_reports()


def downgrade() -> None:
    """Drop everything that people do around proposals."""
    for table in (
        "comment_report",
        "comment",
        "proposal_follow",
        "co_author_invitation",
        "co_author",
        "proposal_version",
    ):
        op.drop_table(table)
    op.drop_index("ix_endorsement_account_id_created_at_proposal_id", "endorsement")
    op.create_index("ix_endorsement_account_id", "endorsement", ["account_id"])
    op.drop_constraint(op.f("ck_proposal_review_started_at"), "proposal")
    op.drop_column("proposal", "review_started_at")
    op.drop_column("proposal", "anonymous")


def extend_proposals() -> None:
    """Let a proposal be anonymous and know since when it is under review."""
    op.add_column(
        "proposal", sa.Column("anonymous", sa.Boolean(), nullable=False, server_default=sa.true())
    )
    op.alter_column("proposal", "anonymous", server_default=None)
    op.add_column(
        "proposal", sa.Column("review_started_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.execute("UPDATE proposal SET review_started_at = submitted_at")
    op.create_check_constraint(
        op.f("ck_proposal_review_started_at"),
        "proposal",
        "review_started_at IS NULL OR submitted_at IS NOT NULL",
    )
    op.drop_index("ix_endorsement_account_id", "endorsement")
    op.create_index(
        "ix_endorsement_account_id_created_at_proposal_id",
        "endorsement",
        ["account_id", "created_at", "proposal_id"],
    )


def create_versions() -> None:
    """Create the table of versions, and keep what stands as the first of each."""
    op.create_table(
        "proposal_version",
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("problem", sa.String(), nullable=False),
        sa.Column("idea", sa.String(), nullable=True),
        sa.Column(
            "public_geom",
            geoalchemy2.Geometry("POINT", srid=4326, spatial_index=False),
            nullable=False,
        ),
        sa.Column("emd_code", sa.String(), nullable=False),
        sa.Column("generation_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_proposal_version_number")),
        sa.CheckConstraint(
            "kind IN ('submitted', 'edited', 'resubmitted')", name=op.f("ck_proposal_version_kind")
        ),
        cascading("proposal_version", "proposal_id", "proposal"),
        sa.ForeignKeyConstraint(
            ["generation_id", "emd_code"],
            ["region.generation_id", "region.code"],
            name=op.f("fk_proposal_version_generation_id_emd_code_region"),
        ),
        sa.PrimaryKeyConstraint("proposal_id", "number", name=op.f("pk_proposal_version")),
    )
    op.execute(
        """
        INSERT INTO proposal_version (proposal_id, number, kind, made_at, category, title, problem,
                                      idea, public_geom, emd_code, generation_id)
        SELECT id, 1, 'submitted', submitted_at, category, title, problem,
               idea, public_geom, emd_code, generation_id
        FROM proposal WHERE submitted_at IS NOT NULL
        """
    )


def create_co_authors() -> None:
    """Create the tables of co-authors and of their invitations."""
    op.create_table(
        "co_author",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        cascading("co_author", "proposal_id", "proposal"),
        cascading("co_author", "account_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_co_author")),
        sa.UniqueConstraint(
            "proposal_id", "account_id", name=op.f("uq_co_author_proposal_id_account_id")
        ),
    )
    op.create_index("ix_co_author_account_id", "co_author", ["account_id"])
    op.create_table(
        "co_author_invitation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("token_sha256", sa.String(), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "expires_at > invited_at", name=op.f("ck_co_author_invitation_expires_after_invited")
        ),
        sa.CheckConstraint(
            "(accepted_at IS NULL) = (accepted_by IS NULL)",
            name=op.f("ck_co_author_invitation_accepted_by"),
        ),
        cascading("co_author_invitation", "proposal_id", "proposal"),
        cascading("co_author_invitation", "accepted_by", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_co_author_invitation")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_co_author_invitation_token_sha256")),
    )
    op.create_index("ix_co_author_invitation_proposal_id", "co_author_invitation", ["proposal_id"])


def create_follows() -> None:
    """Create the table of who follows what."""
    op.create_table(
        "proposal_follow",
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        cascading("proposal_follow", "proposal_id", "proposal"),
        cascading("proposal_follow", "account_id", "account"),
        sa.PrimaryKeyConstraint("proposal_id", "account_id", name=op.f("pk_proposal_follow")),
    )
    op.create_index(
        "ix_proposal_follow_account_id_created_at_proposal_id",
        "proposal_follow",
        ["account_id", "created_at", "proposal_id"],
    )


def create_comments() -> None:
    """Create the table of comments."""
    op.create_table(
        "comment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.String(), nullable=True),
        sa.Column("reply_count", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hidden_reason", sa.String(), nullable=True),
        sa.CheckConstraint(
            "(deleted_at IS NULL) = (text IS NOT NULL)", name=op.f("ck_comment_text_until_deleted")
        ),
        sa.CheckConstraint(
            "num_nulls(hidden_at, hidden_reason) IN (0, 2)", name=op.f("ck_comment_hidden_whole")
        ),
        sa.CheckConstraint(f"hidden_reason IN {REASONS}", name=op.f("ck_comment_hidden_reason")),
        sa.CheckConstraint("reply_count >= 0", name=op.f("ck_comment_reply_count")),
        sa.CheckConstraint(
            "parent_id IS NULL OR reply_count = 0", name=op.f("ck_comment_one_level")
        ),
        cascading("comment", "proposal_id", "proposal"),
        cascading("comment", "parent_id", "comment"),
        cascading("comment", "author_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment")),
    )
    op.create_index(
        "ix_comment_of_proposal",
        "comment",
        ["proposal_id", "created_at", "id"],
        postgresql_where="parent_id IS NULL",
    )
    op.create_index(
        "ix_comment_parent_id_created_at_id", "comment", ["parent_id", "created_at", "id"]
    )
    op.create_index("ix_comment_author_id", "comment", ["author_id"])


def create_reports() -> None:
    """Create the table of reports about comments."""
    op.create_table(
        "comment_report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("comment_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolution", sa.String(), nullable=True),
        sa.CheckConstraint(f"reason IN {REASONS}", name=op.f("ck_comment_report_reason")),
        sa.CheckConstraint(
            "resolution IN ('hidden', 'kept')", name=op.f("ck_comment_report_resolution")
        ),
        sa.CheckConstraint(
            "(resolved_at IS NULL) = (resolution IS NULL)",
            name=op.f("ck_comment_report_resolved_at"),
        ),
        cascading("comment_report", "comment_id", "comment"),
        cascading("comment_report", "account_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment_report")),
        sa.UniqueConstraint(
            "comment_id", "account_id", name=op.f("uq_comment_report_comment_id_account_id")
        ),
    )
    op.create_index(
        "ix_comment_report_open",
        "comment_report",
        ["created_at", "id"],
        postgresql_where="resolved_at IS NULL",
    )


def cascading(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    """Return the reference of a row that goes with what it refers to."""
    name = op.f(f"fk_{table}_{column}_{target}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, ondelete="CASCADE")
