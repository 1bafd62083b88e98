"""Create rounds: budget areas, offers, applications, matching runs, outcomes and placements.

Triggers keep what a run computed from ever changing, and a published plan from changing at all
except for being superseded; outcomes and placements take new rows only, before publication. They
stop mistakes and a stolen application role; the hash in the audit chain finds out the rest.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

TABLES = (
    "placement",
    "outcome",
    "fixed_institution",
    "application",
    "offer",
    "matching_run",
    "budget_area",
    "round",
)

REFUSE_RUN = """
CREATE FUNCTION matching_run_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    computed text[] := ARRAY['id', 'round_id', 'seed', 'engine', 'inputs_sha256', 'instance_text',
                             'plan_text', 'run_by', 'run_at'];
    changed text[];
BEGIN
    IF TG_OP <> 'UPDATE' THEN
        RAISE EXCEPTION 'a matching run is superseded, never deleted'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT coalesce(array_agg(n.key), '{}') INTO changed
        FROM jsonb_each(to_jsonb(NEW)) n JOIN jsonb_each(to_jsonb(OLD)) o USING (key)
        WHERE n.value IS DISTINCT FROM o.value;
    IF changed && computed THEN
        RAISE EXCEPTION 'what a matching run computed does not change'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF OLD.published_at IS NOT NULL
       AND (changed <> ARRAY['superseded_at'] OR OLD.superseded_at IS NOT NULL)
       AND changed <> '{}' THEN
        RAISE EXCEPTION 'a published plan can only be superseded, once'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END;
$$
"""

REFUSE_RESULT = """
CREATE FUNCTION matching_result_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        RAISE EXCEPTION '% takes new rows only', TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF EXISTS (SELECT FROM matching_run WHERE id = NEW.run_id AND published_at IS NOT NULL) THEN
        RAISE EXCEPTION 'the plan of this % is published', TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END;
$$
"""

TRIGGERS = (
    (
        "CREATE TRIGGER matching_run_refuse_change BEFORE UPDATE OR DELETE ON matching_run"
        " FOR EACH ROW EXECUTE FUNCTION matching_run_refuse_change()"
    ),
    (
        "CREATE TRIGGER matching_run_refuse_truncate BEFORE TRUNCATE ON matching_run"
        " FOR EACH STATEMENT EXECUTE FUNCTION matching_run_refuse_change()"
    ),
    *(
        statement
        for table in ("outcome", "placement")
        for statement in (
            (
                f"CREATE TRIGGER {table}_refuse_late BEFORE INSERT ON {table}"
                " FOR EACH ROW EXECUTE FUNCTION matching_result_refuse_change()"
            ),
            (
                f"CREATE TRIGGER {table}_refuse_change"
                f" BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
                " FOR EACH STATEMENT EXECUTE FUNCTION matching_result_refuse_change()"
            ),
        )
    ),
)


def upgrade() -> None:
    op.create_table(
        "round",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("programme_year", sa.Integer(), nullable=False),
        sa.Column("title_ko", sa.String(), nullable=False),
        sa.Column("title_en", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("policy", postgresql.JSONB(), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("matched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(status = 'draft') = (opened_at IS NULL)", name=op.f("ck_round_opened_at_of_status")
        ),
        sa.CheckConstraint(
            "(status = 'published') = (published_at IS NOT NULL)",
            name=op.f("ck_round_published_at_of_status"),
        ),
        sa.CheckConstraint(
            "(status IN ('approved', 'published')) = (approved_at IS NOT NULL)",
            name=op.f("ck_round_approved_at_of_status"),
        ),
        sa.CheckConstraint(
            "(status IN ('draft', 'open')) = (closed_at IS NULL)",
            name=op.f("ck_round_closed_at_of_status"),
        ),
        sa.CheckConstraint(
            "(status IN ('draft', 'open', 'closed')) = (matched_at IS NULL)",
            name=op.f("ck_round_matched_at_of_status"),
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'open', 'closed', 'matched', 'approved', 'published')",
            name=op.f("ck_round_status"),
        ),
        sa.CheckConstraint("closes_at > opens_at", name=op.f("ck_round_closes_after_opening")),
        sa.ForeignKeyConstraint(
            ["created_by"], ["account.id"], name=op.f("fk_round_created_by_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round")),
        sa.UniqueConstraint("code", name=op.f("uq_round_code")),
    )
    op.create_index("ix_round_status_id", "round", ["status", "id"])
    op.create_table(
        "budget_area",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("name_ko", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("budget_krw", sa.BigInteger(), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.CheckConstraint("budget_krw >= 0", name=op.f("ck_budget_area_budget_not_negative")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_budget_area_round_id_round")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget_area")),
        sa.UniqueConstraint("id", "round_id", name=op.f("uq_budget_area_id_round_id")),
        sa.UniqueConstraint("round_id", "key", name=op.f("uq_budget_area_round_id_key")),
    )
    op.create_table(
        "matching_run",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("seed", sa.String(), nullable=False),
        sa.Column("engine", sa.String(), nullable=False),
        sa.Column("inputs_sha256", sa.String(), nullable=False),
        sa.Column("instance_text", sa.String(), nullable=False),
        sa.Column("plan_text", sa.String(), nullable=False),
        sa.Column("run_by", sa.Uuid(), nullable=False),
        sa.Column("run_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("violations", postgresql.JSONB(), nullable=False),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by", sa.Uuid(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(approved_at IS NULL) = (approved_by IS NULL)",
            name=op.f("ck_matching_run_approved_by_somebody"),
        ),
        sa.CheckConstraint(
            "approved_at IS NULL OR verified_at IS NOT NULL",
            name=op.f("ck_matching_run_verified_before_approval"),
        ),
        sa.CheckConstraint("approved_by <> run_by", name=op.f("ck_matching_run_second_person")),
        sa.CheckConstraint(
            "published_at IS NULL OR approved_at IS NOT NULL",
            name=op.f("ck_matching_run_approved_before_publication"),
        ),
        sa.ForeignKeyConstraint(
            ["approved_by"], ["account.id"], name=op.f("fk_matching_run_approved_by_account")
        ),
        sa.ForeignKeyConstraint(
            ["published_by"], ["account.id"], name=op.f("fk_matching_run_published_by_account")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_matching_run_round_id_round")
        ),
        sa.ForeignKeyConstraint(
            ["run_by"], ["account.id"], name=op.f("fk_matching_run_run_by_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matching_run")),
    )
    op.create_index(op.f("ix_matching_run_round_id"), "matching_run", ["round_id"])
    op.create_index(
        "uq_matching_run_current",
        "matching_run",
        ["round_id"],
        unique=True,
        postgresql_where=sa.text("superseded_at IS NULL"),
    )
    op.create_table(
        "offer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("area_id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("unit_price_krw", sa.BigInteger(), nullable=False),
        sa.Column("max_placements", sa.Integer(), nullable=False),
        sa.Column("seats", postgresql.JSONB(), nullable=False),
        sa.Column("cap_group", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("max_placements > 0", name=op.f("ck_offer_max_placements_positive")),
        sa.CheckConstraint("unit_price_krw > 0", name=op.f("ck_offer_unit_price_positive")),
        sa.ForeignKeyConstraint(
            ["area_id", "round_id"],
            ["budget_area.id", "budget_area.round_id"],
            name=op.f("fk_offer_area_id_round_id_budget_area"),
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_offer_product_id_product")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_offer_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer")),
        sa.UniqueConstraint("area_id", "product_id", name=op.f("uq_offer_area_id_product_id")),
        sa.UniqueConstraint("id", "round_id", name=op.f("uq_offer_id_round_id")),
    )
    op.create_index(op.f("ix_offer_product_id"), "offer", ["product_id"])
    op.create_index(op.f("ix_offer_round_id"), "offer", ["round_id"])
    op.create_table(
        "application",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("site_geom", Geometry("POINT", srid=4326, spatial_index=False), nullable=False),
        sa.Column("site_emd_code", sa.String(), nullable=True),
        sa.Column("generation_id", sa.Integer(), nullable=False),
        sa.Column("applied_by", sa.Uuid(), nullable=True),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("position >= 1", name=op.f("ck_application_position_from_one")),
        sa.ForeignKeyConstraint(
            ["applied_by"], ["account.id"], name=op.f("fk_application_applied_by_account")
        ),
        sa.ForeignKeyConstraint(
            ["generation_id"],
            ["region_generation.id"],
            name=op.f("fk_application_generation_id_region_generation"),
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institution.organization_id"],
            name=op.f("fk_application_institution_id_institution"),
        ),
        sa.ForeignKeyConstraint(
            ["offer_id", "round_id"],
            ["offer.id", "offer.round_id"],
            name=op.f("fk_application_offer_id_round_id_offer"),
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_application_round_id_round")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application")),
        sa.UniqueConstraint(
            "institution_id", "offer_id", name=op.f("uq_application_institution_id_offer_id")
        ),
    )
    op.create_index(op.f("ix_application_offer_id"), "application", ["offer_id"])
    op.create_index(
        "uq_application_ranking",
        "application",
        ["round_id", "institution_id", "position"],
        unique=True,
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.create_table(
        "fixed_institution",
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institution.organization_id"],
            name=op.f("fk_fixed_institution_institution_id_institution"),
        ),
        sa.ForeignKeyConstraint(
            ["offer_id"], ["offer.id"], name=op.f("fk_fixed_institution_offer_id_offer")
        ),
        sa.PrimaryKeyConstraint("offer_id", "institution_id", name=op.f("pk_fixed_institution")),
    )
    op.create_index(
        op.f("ix_fixed_institution_institution_id"), "fixed_institution", ["institution_id"]
    )
    op.create_table(
        "outcome",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("seat", sa.String(), nullable=True),
        sa.Column("residence_tier", sa.Integer(), nullable=True),
        sa.Column("detail", postgresql.JSONB(), nullable=False),
        sa.CheckConstraint(
            "(reason IN ('awarded', 'preassigned')) = (seat IS NOT NULL)",
            name=op.f("ck_outcome_seat_of_reason"),
        ),
        sa.CheckConstraint(
            "residence_tier BETWEEN 0 AND 3", name=op.f("ck_outcome_residence_tier")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_outcome_application_id_application"),
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institution.organization_id"],
            name=op.f("fk_outcome_institution_id_institution"),
        ),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("fk_outcome_offer_id_offer")),
        sa.ForeignKeyConstraint(
            ["run_id"], ["matching_run.id"], name=op.f("fk_outcome_run_id_matching_run")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome")),
        sa.UniqueConstraint(
            "run_id",
            "institution_id",
            "offer_id",
            name=op.f("uq_outcome_run_id_institution_id_offer_id"),
        ),
    )
    op.create_index("ix_outcome_run_id_id", "outcome", ["run_id", "id"])
    op.create_index("ix_outcome_run_id_offer_id", "outcome", ["run_id", "offer_id"])
    op.create_table(
        "placement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("outcome_id", sa.Uuid(), nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("seat", sa.String(), nullable=False),
        sa.Column("residence_tier", sa.Integer(), nullable=True),
        sa.Column("site_geom", Geometry("POINT", srid=4326, spatial_index=False), nullable=False),
        sa.Column("site_emd_code", sa.String(), nullable=True),
        sa.Column("sigungu_code", sa.String(), nullable=True),
        sa.Column("generation_id", sa.Integer(), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "residence_tier BETWEEN 0 AND 3", name=op.f("ck_placement_residence_tier")
        ),
        sa.ForeignKeyConstraint(
            ["generation_id"],
            ["region_generation.id"],
            name=op.f("fk_placement_generation_id_region_generation"),
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institution.organization_id"],
            name=op.f("fk_placement_institution_id_institution"),
        ),
        sa.ForeignKeyConstraint(
            ["offer_id"], ["offer.id"], name=op.f("fk_placement_offer_id_offer")
        ),
        sa.ForeignKeyConstraint(
            ["outcome_id"], ["outcome.id"], name=op.f("fk_placement_outcome_id_outcome")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_placement_product_id_product")
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["matching_run.id"], name=op.f("fk_placement_run_id_matching_run")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement")),
        sa.UniqueConstraint("outcome_id", name=op.f("uq_placement_outcome_id")),
    )
    op.create_index(op.f("ix_placement_institution_id"), "placement", ["institution_id"])
    op.create_index(op.f("ix_placement_product_id"), "placement", ["product_id"])
    op.create_index("ix_placement_run_id_id", "placement", ["run_id", "id"])
    op.create_index(op.f("ix_placement_sigungu_code"), "placement", ["sigungu_code"])
    op.create_index("ix_placement_site_geom", "placement", ["site_geom"], postgresql_using="gist")
    op.execute(REFUSE_RUN)
    op.execute(REFUSE_RESULT)
    for statement in TRIGGERS:
        op.execute(statement)


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
    op.execute("DROP FUNCTION matching_run_refuse_change()")
    op.execute("DROP FUNCTION matching_result_refuse_change()")
