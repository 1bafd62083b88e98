"""Create organizations, their kinds' own facts, memberships and invitations."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

KINDS = (
    "kind IN ('local_government', 'institution', 'supplier', 'ministry', 'research_institution',"
    " 'procurement_service')"
)
INSTITUTION_TYPES = (
    "institution_type IN ('state_body', 'police', 'coast_guard', 'fire', 'forest', 'health_centre',"
    " 'community_office', 'local_government_body', 'education', 'central_public_institution',"
    " 'local_public_corporation', 'non_profit', 'overseas')"
)
ROLES = "role IN ('reviewer', 'manager', 'applicant', 'supplier', 'officer', 'auditor', 'admin')"


def upgrade() -> None:
    """Create the tables of organizations and of who works for them."""
    op.create_table(
        "organization",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name_ko", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=True),
        sa.Column("local_government_code", sa.String(), nullable=True),
        sa.Column("is_synthetic", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(KINDS, name=op.f("ck_organization_kind")),
        sa.CheckConstraint(
            "(kind = 'local_government') = (local_government_code IS NOT NULL)",
            name=op.f("ck_organization_local_government_has_code"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organization")),
        sa.UniqueConstraint(
            "local_government_code", name=op.f("uq_organization_local_government_code")
        ),
    )
    op.create_index(
        "ix_organization_name_trgm",
        "organization",
        ["name_ko"],
        postgresql_using="gin",
        postgresql_ops={"name_ko": "gin_trgm_ops"},
    )
    op.create_index("ix_organization_kind_id", "organization", ["kind", "id"])
    op.create_table(
        "institution",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("institution_type", sa.String(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("jurisdiction_codes", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("site_geom", Geometry("POINT", 4326, spatial_index=False), nullable=False),
        sa.Column("site_address", sa.String(), nullable=True),
        sa.Column("site_emd_code", sa.String(), nullable=True),
        sa.Column("local_government_code", sa.String(), nullable=True),
        sa.Column("generation_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(INSTITUTION_TYPES, name=op.f("ck_institution_institution_type")),
        sa.CheckConstraint(
            "scope IN ('regions', 'nationwide', 'overseas')", name=op.f("ck_institution_scope")
        ),
        sa.CheckConstraint(
            "(scope = 'regions') = (cardinality(jurisdiction_codes) > 0)",
            name=op.f("ck_institution_jurisdiction_of_scope"),
        ),
        sa.CheckConstraint(
            "(scope = 'overseas') = (site_emd_code IS NULL)",
            name=op.f("ck_institution_site_in_korea_or_overseas"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_institution_organization_id_organization"),
        ),
        sa.ForeignKeyConstraint(
            ["generation_id"],
            ["region_generation.id"],
            name=op.f("fk_institution_generation_id_region_generation"),
        ),
        sa.PrimaryKeyConstraint("organization_id", name=op.f("pk_institution")),
    )
    op.create_index(
        "ix_institution_site_geom", "institution", ["site_geom"], postgresql_using="gist"
    )
    op.create_index(
        op.f("ix_institution_local_government_code"), "institution", ["local_government_code"]
    )
    op.create_table(
        "supplier",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("business_number", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_supplier_organization_id_organization"),
        ),
        sa.PrimaryKeyConstraint("organization_id", name=op.f("pk_supplier")),
        sa.UniqueConstraint("business_number", name=op.f("uq_supplier_business_number")),
    )
    _create_staff()


def _create_staff() -> None:
    op.create_table(
        "membership",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("granted_by", sa.Uuid(), nullable=True),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(ROLES, name=op.f("ck_membership_role")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_membership_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_membership_organization_id_organization"),
        ),
        sa.ForeignKeyConstraint(
            ["granted_by"], ["account.id"], name=op.f("fk_membership_granted_by_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
    )
    op.create_index(
        "uq_membership_current",
        "membership",
        ["account_id", "organization_id", "role"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(op.f("ix_membership_organization_id"), "membership", ["organization_id"])
    op.create_table(
        "invitation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("token_sha256", sa.String(), nullable=False),
        sa.Column("invited_by", sa.Uuid(), nullable=True),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(ROLES, name=op.f("ck_invitation_role")),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_invitation_organization_id_organization"),
        ),
        sa.ForeignKeyConstraint(
            ["invited_by"], ["account.id"], name=op.f("fk_invitation_invited_by_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_invitation_token_sha256")),
    )
    op.create_index(op.f("ix_invitation_organization_id"), "invitation", ["organization_id"])


def downgrade() -> None:
    """Drop the tables of organizations and staff."""
    for table in ("invitation", "membership", "supplier", "institution", "organization"):
        op.drop_table(table)
