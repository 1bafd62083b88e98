"""Create proposals, their events and their endorsements.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "proposal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("problem", sa.String(), nullable=True),
        sa.Column("idea", sa.String(), nullable=True),
        sa.Column("geom", Geometry("POINT", srid=4326, spatial_index=False), nullable=True),
        sa.Column("accuracy_m", sa.Float(), nullable=True),
        sa.Column("public_geom", Geometry("POINT", srid=4326, spatial_index=False), nullable=True),
        sa.Column("emd_code", sa.String(), nullable=True),
        sa.Column("sigungu_code", sa.String(), nullable=True),
        sa.Column("local_government_code", sa.String(), nullable=True),
        sa.Column("generation_id", sa.Integer(), nullable=True),
        sa.Column("residence_code", sa.String(), nullable=True),
        sa.Column("residence_generation_id", sa.Integer(), nullable=True),
        sa.Column("residence_confirmed", sa.Boolean(), nullable=True),
        sa.Column("residence_moved_recently", sa.Boolean(), nullable=True),
        sa.Column("neighbourhood_public", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("endorsement_count", sa.Integer(), nullable=False),
        sa.Column("is_synthetic", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "status IN ('draft', 'submitted', 'supplement_requested', 'adopted', 'rejected',"
            " 'withdrawn')",
            name=op.f("ck_proposal_status"),
        ),
        sa.CheckConstraint(
            "(status = 'draft') = (submitted_at IS NULL)", name=op.f("ck_proposal_submitted_at")
        ),
        sa.CheckConstraint(
            "(status IN ('adopted', 'rejected')) = (decided_at IS NOT NULL)",
            name=op.f("ck_proposal_decided_at"),
        ),
        sa.CheckConstraint(
            "(status = 'withdrawn') = (withdrawn_at IS NOT NULL)",
            name=op.f("ck_proposal_withdrawn_at"),
        ),
        sa.CheckConstraint(
            "submitted_at IS NULL OR num_nulls(problem, emd_code, residence_code,"
            " residence_generation_id, residence_confirmed, residence_moved_recently) = 0",
            name=op.f("ck_proposal_complete_when_submitted"),
        ),
        sa.CheckConstraint(
            "num_nulls(public_geom, emd_code, sigungu_code, local_government_code, generation_id)"
            " IN (0, 5)",
            name=op.f("ck_proposal_place_whole"),
        ),
        sa.CheckConstraint(
            "geom IS NULL OR public_geom IS NOT NULL",
            name=op.f("ck_proposal_point_has_public_point"),
        ),
        sa.CheckConstraint(
            "accuracy_m IS NULL OR (accuracy_m >= 0 AND geom IS NOT NULL)",
            name=op.f("ck_proposal_accuracy_of_point"),
        ),
        sa.CheckConstraint("endorsement_count >= 0", name=op.f("ck_proposal_endorsement_count")),
        sa.ForeignKeyConstraint(
            ["author_id"], ["account.id"], name=op.f("fk_proposal_author_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["generation_id", "emd_code"],
            ["region.generation_id", "region.code"],
            name=op.f("fk_proposal_generation_id_emd_code_region"),
        ),
        sa.ForeignKeyConstraint(
            ["generation_id", "sigungu_code"],
            ["region.generation_id", "region.code"],
            name=op.f("fk_proposal_generation_id_sigungu_code_region"),
        ),
        sa.ForeignKeyConstraint(
            ["generation_id", "local_government_code"],
            ["local_government.generation_id", "local_government.code"],
            name="fk_proposal_local_government",
        ),
        sa.ForeignKeyConstraint(
            ["residence_generation_id", "residence_code"],
            ["region.generation_id", "region.code"],
            name=op.f("fk_proposal_residence_generation_id_residence_code_region"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
    )
    op.create_index("ix_proposal_author_id_id", "proposal", ["author_id", "id"])
    op.create_index("ix_proposal_submitted_at_id", "proposal", ["submitted_at", "id"])
    op.create_index(
        "ix_proposal_category_submitted_at_id", "proposal", ["category", "submitted_at", "id"]
    )
    op.create_index(
        "ix_proposal_local_government_code_submitted_at_id",
        "proposal",
        ["local_government_code", "submitted_at", "id"],
    )
    op.create_index(
        "ix_proposal_emd_code_prefix",
        "proposal",
        ["emd_code"],
        postgresql_ops={"emd_code": "text_pattern_ops"},
    )
    op.create_index("ix_proposal_public_geom", "proposal", ["public_geom"], postgresql_using="gist")
    op.create_index(
        "ix_proposal_text_trgm",
        "proposal",
        ["title", "problem"],
        postgresql_using="gin",
        postgresql_ops={"title": "gin_trgm_ops", "problem": "gin_trgm_ops"},
    )
    op.create_table(
        "proposal_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("data", postgresql.JSONB(), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "jsonb_typeof(data) = 'object'", name=op.f("ck_proposal_event_data_object")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["proposal.id"],
            name=op.f("fk_proposal_event_proposal_id_proposal"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["actor_id"],
            ["account.id"],
            name=op.f("fk_proposal_event_actor_id_account"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_event")),
    )
    op.create_index(
        "ix_proposal_event_proposal_id_occurred_at_id",
        "proposal_event",
        ["proposal_id", "occurred_at", "id"],
    )
    op.create_table(
        "endorsement",
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["proposal.id"],
            name=op.f("fk_endorsement_proposal_id_proposal"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_endorsement_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("proposal_id", "account_id", name=op.f("pk_endorsement")),
    )
    op.create_index("ix_endorsement_account_id", "endorsement", ["account_id"])


def downgrade() -> None:
    op.drop_table("endorsement")
    op.drop_table("proposal_event")
    op.drop_table("proposal")
