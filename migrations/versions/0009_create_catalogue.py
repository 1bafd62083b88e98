"""Create products, their designations and which proposals they answer.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "product",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name_ko", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("summary", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("supplier_id", sa.Uuid(), nullable=True),
        sa.Column("unit_price_krw", sa.BigInteger(), nullable=False),
        sa.Column("rnd_local_government_code", sa.String(), nullable=True),
        sa.Column("rnd_project", sa.String(), nullable=True),
        sa.Column("ministry_weight", sa.Integer(), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(rnd_local_government_code IS NULL) = (rnd_project IS NULL)",
            name=op.f("ck_product_rnd_origin_complete"),
        ),
        sa.CheckConstraint(
            "ministry_weight >= 0", name=op.f("ck_product_ministry_weight_not_negative")
        ),
        sa.CheckConstraint("unit_price_krw > 0", name=op.f("ck_product_unit_price_positive")),
        sa.ForeignKeyConstraint(
            ["supplier_id"], ["organization.id"], name=op.f("fk_product_supplier_id_organization")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product")),
    )
    op.create_index("ix_product_category_id", "product", ["category", "id"])
    op.create_index(
        "ix_product_name_trgm",
        "product",
        ["name_ko", "name_en"],
        postgresql_using="gin",
        postgresql_ops={"name_ko": "gin_trgm_ops", "name_en": "gin_trgm_ops"},
    )
    op.create_index(op.f("ix_product_supplier_id"), "product", ["supplier_id"])
    op.create_table(
        "designation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("track", sa.String(), nullable=False),
        sa.Column("designation_type", sa.Integer(), nullable=False),
        sa.Column("certificate_number", sa.String(), nullable=False),
        sa.Column("designated_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("track IN ('FT1', 'FT2', 'FT3')", name=op.f("ck_designation_track")),
        sa.CheckConstraint(
            "valid_until > designated_on AND valid_until <= designated_on + interval '6 years'",
            name=op.f("ck_designation_at_most_six_years"),
        ),
        sa.CheckConstraint(
            "designation_type IN (1, 2)", name=op.f("ck_designation_designation_type")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_designation_product_id_product")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_designation")),
        sa.UniqueConstraint("certificate_number", name=op.f("uq_designation_certificate_number")),
    )
    op.create_index(
        op.f("ix_designation_product_id_valid_until"), "designation", ["product_id", "valid_until"]
    )
    op.create_table(
        "product_proposal",
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("linked_by", sa.Uuid(), nullable=True),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["linked_by"], ["account.id"], name=op.f("fk_product_proposal_linked_by_account")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_product_proposal_product_id_product")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_product_proposal_proposal_id_proposal")
        ),
        sa.PrimaryKeyConstraint("product_id", "proposal_id", name=op.f("pk_product_proposal")),
    )
    op.create_index(op.f("ix_product_proposal_proposal_id"), "product_proposal", ["proposal_id"])
    op.create_table(
        "designation_extension",
        sa.Column("designation_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("years", sa.Integer(), nullable=False),
        sa.Column("granted_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(ordinal = 1 AND years = 1) OR (ordinal = 2 AND years = 2)",
            name=op.f("ck_designation_extension_one_then_two_years"),
        ),
        sa.ForeignKeyConstraint(
            ["designation_id"],
            ["designation.id"],
            name=op.f("fk_designation_extension_designation_id_designation"),
        ),
        sa.PrimaryKeyConstraint("designation_id", "ordinal", name=op.f("pk_designation_extension")),
    )


def downgrade() -> None:
    for table in ("product_proposal", "designation_extension", "designation", "product"):
        op.drop_table(table)
