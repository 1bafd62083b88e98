"""Create boundary changes with moves and cases; keep which boundaries records were made under.

The database itself notes the origin of a record and refuses to change it. Of a placement the codes
in force follow the boundaries, and nothing else ever changes.

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

ORIGINS = {
    "residence": ("made_region_code", "region_code", False),
    "institution": ("made_site_emd_code", "site_emd_code", True),
    "application": ("made_site_emd_code", "site_emd_code", True),
    "placement": ("made_site_emd_code", "site_emd_code", True),
}
"""Table -> column of the code's origin, column of the code in force, whether it may be missing."""

KEEP_ORIGIN = """
CREATE FUNCTION {table}_keep_origin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.made_generation_id := NEW.generation_id;
        NEW.{made} := NEW.{code};
    ELSIF (NEW.made_generation_id, NEW.{made})
          IS DISTINCT FROM (OLD.made_generation_id, OLD.{made}) THEN
        RAISE EXCEPTION 'under which boundaries a {table} was made does not change'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END;
$$
"""

KEEP_ORIGIN_OF_PROPOSAL = """
CREATE FUNCTION proposal_keep_origin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.made_generation_id := NEW.generation_id;
        NEW.made_emd_code := NEW.emd_code;
        NEW.made_residence_generation_id := NEW.residence_generation_id;
        NEW.made_residence_code := NEW.residence_code;
        RETURN NEW;
    END IF;
    -- The author of a draft gives the place anew; a change of the boundaries moves no point.
    IF OLD.submitted_at IS NULL
       AND (NEW.geom IS DISTINCT FROM OLD.geom OR NEW.public_geom IS DISTINCT FROM OLD.public_geom)
    THEN
        NEW.made_generation_id := NEW.generation_id;
        NEW.made_emd_code := NEW.emd_code;
    ELSIF (NEW.made_generation_id, NEW.made_emd_code)
          IS DISTINCT FROM (OLD.made_generation_id, OLD.made_emd_code) THEN
        RAISE EXCEPTION 'under which boundaries a proposal was made does not change'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF OLD.residence_code IS NULL THEN
        NEW.made_residence_generation_id := NEW.residence_generation_id;
        NEW.made_residence_code := NEW.residence_code;
    ELSIF (NEW.made_residence_generation_id, NEW.made_residence_code)
          IS DISTINCT FROM (OLD.made_residence_generation_id, OLD.made_residence_code) THEN
        RAISE EXCEPTION 'under which boundaries a residence was recorded does not change'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END;
$$
"""

FACTS_OF_PLACEMENT = (
    *("id", "run_id", "outcome_id", "offer_id", "product_id", "institution_id", "seat"),
    *("residence_tier", "site_geom", "placed_at"),
)
"""No statement may even name them; columns that come later are kept row by row."""

KEEP_PLACEMENT = """
CREATE FUNCTION placement_keep_facts() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    in_force text[] := ARRAY['site_emd_code', 'sigungu_code', 'generation_id'];
BEGIN
    IF to_jsonb(NEW) - in_force IS DISTINCT FROM to_jsonb(OLD) - in_force THEN
        RAISE EXCEPTION 'placement takes new rows only; its codes alone follow the boundaries'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END;
$$
"""

REFUSE_PLACEMENT = (
    "CREATE TRIGGER placement_refuse_change BEFORE {events} ON placement"
    " FOR EACH STATEMENT EXECUTE FUNCTION matching_result_refuse_change()"
)


def upgrade() -> None:
    create_changes()
    create_moves()
    create_cases()
    op.execute("DROP TRIGGER placement_refuse_change ON placement")
    for table, (made, code, may_be_missing) in ORIGINS.items():
        keep_origin(table, made, code, may_be_missing=may_be_missing)
    keep_origin_of_proposals()
    facts = ", ".join(FACTS_OF_PLACEMENT)
    op.execute(REFUSE_PLACEMENT.format(events=f"DELETE OR TRUNCATE OR UPDATE OF {facts}"))
    op.execute(KEEP_PLACEMENT)
    op.execute(
        "CREATE TRIGGER placement_keep_facts BEFORE UPDATE ON placement"
        " FOR EACH ROW EXECUTE FUNCTION placement_keep_facts()"
    )


def downgrade() -> None:
    for table in (*ORIGINS, "proposal"):
        op.execute(f"DROP TRIGGER {table}_keep_origin ON {table}")
        op.execute(f"DROP FUNCTION {table}_keep_origin()")
    op.execute("DROP TRIGGER placement_keep_facts ON placement")
    op.execute("DROP FUNCTION placement_keep_facts()")
    op.execute("DROP TRIGGER placement_refuse_change ON placement")
    op.execute(REFUSE_PLACEMENT.format(events="UPDATE OR DELETE OR TRUNCATE"))
    op.drop_constraint("ck_proposal_origin_of_place", "proposal")
    op.drop_constraint("ck_proposal_origin_of_residence", "proposal")
    for name in ("residence_code", "residence_generation_id", "emd_code", "generation_id"):
        op.drop_column("proposal", f"made_{name}")
    for table, (made, _, _) in ORIGINS.items():
        op.drop_column(table, made)
        op.drop_column(table, "made_generation_id")
    for table in ("boundary_case", "record_move", "boundary_change"):
        op.drop_table(table)


def create_changes() -> None:
    op.create_table(
        "boundary_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("old_generation_id", sa.Integer(), nullable=False),
        sa.Column("new_generation_id", sa.Integer(), nullable=False),
        sa.Column("undoes_id", sa.Uuid(), nullable=True),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("report", postgresql.JSONB(), nullable=False),
        sa.Column("rolled_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "old_generation_id <> new_generation_id",
            name=op.f("ck_boundary_change_generations_differ"),
        ),
        sa.ForeignKeyConstraint(
            ["old_generation_id"],
            ["region_generation.id"],
            name=op.f("fk_boundary_change_old_generation_id_region_generation"),
        ),
        sa.ForeignKeyConstraint(
            ["new_generation_id"],
            ["region_generation.id"],
            name=op.f("fk_boundary_change_new_generation_id_region_generation"),
        ),
        sa.ForeignKeyConstraint(
            ["undoes_id"],
            ["boundary_change.id"],
            name=op.f("fk_boundary_change_undoes_id_boundary_change"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_boundary_change")),
    )
    op.create_index(
        op.f("ix_boundary_change_new_generation_id"), "boundary_change", ["new_generation_id"]
    )


def create_moves() -> None:
    op.create_table(
        "record_move",
        sa.Column("change_id", sa.Uuid(), nullable=False),
        sa.Column("subject_type", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("before", postgresql.JSONB(), nullable=False),
        sa.Column("after", postgresql.JSONB(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('kept', 'renamed', 'split', 'merged', 'orphaned', 'restored')",
            name=op.f("ck_record_move_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["change_id"],
            ["boundary_change.id"],
            name=op.f("fk_record_move_change_id_boundary_change"),
        ),
        sa.PrimaryKeyConstraint(
            "change_id", "subject_type", "subject_id", name=op.f("pk_record_move")
        ),
    )
    op.create_index(
        op.f("ix_record_move_subject_type_subject_id"),
        "record_move",
        ["subject_type", "subject_id"],
    )


def create_cases() -> None:
    op.create_table(
        "boundary_case",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("change_id", sa.Uuid(), nullable=False),
        sa.Column("subject_type", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("codes", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("candidates", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("decided_codes", sa.ARRAY(sa.Text()), nullable=True),
        sa.CheckConstraint(
            "reason IN ('no_successor', 'several_successors', 'jurisdiction_divided')",
            name=op.f("ck_boundary_case_reason"),
        ),
        sa.CheckConstraint(
            "outcome IN ('decided', 'rolled_back')", name=op.f("ck_boundary_case_outcome")
        ),
        sa.CheckConstraint(
            "(outcome IS NULL) = (closed_at IS NULL)",
            name=op.f("ck_boundary_case_outcome_of_closed"),
        ),
        sa.ForeignKeyConstraint(
            ["change_id"],
            ["boundary_change.id"],
            name=op.f("fk_boundary_case_change_id_boundary_change"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_boundary_case")),
    )
    op.create_index(
        "uq_boundary_case_open",
        "boundary_case",
        ["subject_type", "subject_id"],
        unique=True,
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index(op.f("ix_boundary_case_change_id_id"), "boundary_case", ["change_id", "id"])


def keep_origin(table: str, made: str, code: str, *, may_be_missing: bool) -> None:
    op.add_column(table, sa.Column("made_generation_id", sa.Integer(), nullable=True))
    op.add_column(table, sa.Column(made, sa.String(), nullable=True))
    op.execute(f"UPDATE {table} SET made_generation_id = generation_id, {made} = {code}")
    op.alter_column(table, "made_generation_id", nullable=False)
    if not may_be_missing:
        op.alter_column(table, made, nullable=False)
    op.create_foreign_key(
        op.f(f"fk_{table}_made_generation_id_region_generation"),
        table,
        "region_generation",
        ["made_generation_id"],
        ["id"],
    )
    op.execute(KEEP_ORIGIN.format(table=table, made=made, code=code))
    guard(table)


def keep_origin_of_proposals() -> None:
    for name, kind in (
        ("generation_id", sa.Integer()),
        ("emd_code", sa.String()),
        ("residence_generation_id", sa.Integer()),
        ("residence_code", sa.String()),
    ):
        op.add_column("proposal", sa.Column(f"made_{name}", kind, nullable=True))
    op.execute("""
        UPDATE proposal
        SET made_generation_id = generation_id, made_emd_code = emd_code,
            made_residence_generation_id = residence_generation_id,
            made_residence_code = residence_code
    """)
    op.create_check_constraint(
        op.f("ck_proposal_origin_of_place"),
        "proposal",
        "num_nulls(made_generation_id, made_emd_code, generation_id) IN (0, 3)",
    )
    op.create_check_constraint(
        op.f("ck_proposal_origin_of_residence"),
        "proposal",
        "num_nulls(made_residence_generation_id, made_residence_code, residence_code) IN (0, 3)",
    )
    op.create_foreign_key(
        op.f("fk_proposal_made_generation_id_made_emd_code_region"),
        "proposal",
        "region",
        ["made_generation_id", "made_emd_code"],
        ["generation_id", "code"],
    )
    op.create_foreign_key(
        "fk_proposal_made_residence",
        "proposal",
        "region",
        ["made_residence_generation_id", "made_residence_code"],
        ["generation_id", "code"],
    )
    op.execute(KEEP_ORIGIN_OF_PROPOSAL)
    guard("proposal")


def guard(table: str) -> None:
    op.execute(
        f"CREATE TRIGGER {table}_keep_origin BEFORE INSERT OR UPDATE ON {table}"
        f" FOR EACH ROW EXECUTE FUNCTION {table}_keep_origin()"
    )
