"""Record who signed off a contract, and pass on placements that fall vacant before theirs.

A vacancy is an appended record: a trigger lets it be decided once and keeps the rest as it was
made. After its publication a plan takes placements of an approved vacancy only, and of a placement
that stood the end alone is written, once.

Revision ID: 0020
Revises: 0019
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

KEEP_VACANCY = """
CREATE FUNCTION vacancy_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    decided text[] := ARRAY['decision', 'decided_by', 'decided_at', 'decision_reason'];
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.decision IS NULL THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'a vacancy waits for a second person first'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF TG_OP = 'UPDATE' THEN
        IF to_jsonb(NEW) = to_jsonb(OLD) THEN
            RETURN NEW;
        END IF;
        IF OLD.decision IS NULL AND to_jsonb(NEW) - decided = to_jsonb(OLD) - decided THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'a vacancy is decided once and stays as it was made'
        USING ERRCODE = 'insufficient_privilege';
END;
$$
"""

ADMIT_PLACEMENT = """
CREATE FUNCTION placement_admit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.ended_at IS NOT NULL THEN
        RAISE EXCEPTION 'a placement begins before it ends'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NEW.vacancy_id IS NOT NULL THEN
        IF NOT EXISTS (SELECT FROM vacancy WHERE id = NEW.vacancy_id AND run_id = NEW.run_id
                       AND decision = 'approved') THEN
            RAISE EXCEPTION 'a placement is passed on by an approved vacancy of its plan'
                USING ERRCODE = 'insufficient_privilege';
        END IF;
    ELSIF EXISTS (SELECT FROM matching_run
                  WHERE id = NEW.run_id AND published_at IS NOT NULL) THEN
        RAISE EXCEPTION 'the plan of this placement is published'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END;
$$
"""

KEEP_PLACEMENT = """
CREATE OR REPLACE FUNCTION placement_keep_facts() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    in_force text[] := ARRAY['site_emd_code', 'sigungu_code', 'generation_id'];
BEGIN
    IF OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL THEN
        in_force := in_force || ARRAY['ended_at'];
        IF EXISTS (SELECT FROM placement_contract WHERE placement_id = OLD.id) THEN
            RAISE EXCEPTION 'a placement with a contract does not end'
                USING ERRCODE = 'insufficient_privilege';
        END IF;
    END IF;
    IF to_jsonb(NEW) - in_force IS DISTINCT FROM to_jsonb(OLD) - in_force THEN
        RAISE EXCEPTION 'placement takes new rows only; its codes alone follow the boundaries'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END;
$$
"""

KEEP_PLACEMENT_BEFORE = """
CREATE OR REPLACE FUNCTION placement_keep_facts() RETURNS trigger LANGUAGE plpgsql AS $$
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

CHECKS = {
    "decision": "decision IN ('approved', 'dismissed')",
    "whole_decision": "num_nulls(decision, decided_by, decided_at) IN (0, 3)",
    "reason_of_dismissal": (
        "(decision_reason IS NOT NULL) = (decision IS NOT NULL AND decision = 'dismissed')"
    ),
    "second_person": "decision <> 'approved' OR decided_by <> recorded_by",
    "reason": "btrim(reason) <> ''",
}

KEYS = (
    ("run_id", "matching_run"),
    ("outcome_id", "outcome"),
    ("recorded_by", "account"),
    ("decided_by", "account"),
)


def upgrade() -> None:
    create_vacancies()
    change_placements()
    change_contracts()


def downgrade() -> None:
    op.drop_constraint(
        op.f("fk_placement_contract_recorded_by_account"), "placement_contract", type_="foreignkey"
    )
    op.drop_column("placement_contract", "recorded_by")
    op.drop_column("placement_contract", "position")
    op.execute("DROP TRIGGER placement_admit ON placement")
    op.execute("DROP FUNCTION placement_admit()")
    op.execute(
        "CREATE TRIGGER placement_refuse_late BEFORE INSERT ON placement"
        " FOR EACH ROW EXECUTE FUNCTION matching_result_refuse_change()"
    )
    op.execute(KEEP_PLACEMENT_BEFORE)
    op.drop_index("uq_placement_standing", "placement")
    op.create_unique_constraint(op.f("uq_placement_outcome_id"), "placement", ["outcome_id"])
    op.drop_constraint(op.f("fk_placement_vacancy_id_vacancy"), "placement", type_="foreignkey")
    op.drop_column("placement", "vacancy_id")
    op.drop_column("placement", "ended_at")
    op.drop_table("vacancy")
    op.execute("DROP FUNCTION vacancy_refuse_change()")


def create_vacancies() -> None:
    op.create_table(
        "vacancy",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("outcome_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("steps", postgresql.JSONB(), nullable=False),
        sa.Column("events_text", sa.String(), nullable=False),
        sa.Column("record_text", sa.String(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decision", sa.String(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_reason", sa.String(), nullable=True),
        *(
            sa.CheckConstraint(condition, name=op.f(f"ck_vacancy_{name}"))
            for name, condition in CHECKS.items()
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_vacancy_{column}_{table}")
            )
            for column, table in KEYS
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vacancy")),
        sa.UniqueConstraint("run_id", "position", name=op.f("uq_vacancy_run_id_position")),
    )
    op.create_index(
        "uq_vacancy_pending",
        "vacancy",
        ["run_id"],
        unique=True,
        postgresql_where=sa.text("decision IS NULL"),
    )
    op.create_index(op.f("ix_vacancy_outcome_id"), "vacancy", ["outcome_id"])
    op.execute(KEEP_VACANCY)
    op.execute(
        "CREATE TRIGGER vacancy_refuse_change BEFORE INSERT OR UPDATE OR DELETE ON vacancy"
        " FOR EACH ROW EXECUTE FUNCTION vacancy_refuse_change()"
    )
    op.execute(
        "CREATE TRIGGER vacancy_refuse_truncate BEFORE TRUNCATE ON vacancy"
        " FOR EACH STATEMENT EXECUTE FUNCTION vacancy_refuse_change()"
    )


def change_placements() -> None:
    op.add_column("placement", sa.Column("vacancy_id", sa.Uuid(), nullable=True))
    op.add_column("placement", sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True))
    op.create_foreign_key(
        op.f("fk_placement_vacancy_id_vacancy"), "placement", "vacancy", ["vacancy_id"], ["id"]
    )
    op.drop_constraint(op.f("uq_placement_outcome_id"), "placement", type_="unique")
    op.create_index(
        "uq_placement_standing",
        "placement",
        ["outcome_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.execute("DROP TRIGGER placement_refuse_late ON placement")
    op.execute(ADMIT_PLACEMENT)
    op.execute(
        "CREATE TRIGGER placement_admit BEFORE INSERT ON placement"
        " FOR EACH ROW EXECUTE FUNCTION placement_admit()"
    )
    op.execute(KEEP_PLACEMENT)


def change_contracts() -> None:
    op.add_column("placement_contract", sa.Column("recorded_by", sa.Uuid(), nullable=True))
    op.add_column(
        "placement_contract",
        sa.Column("position", sa.Integer(), nullable=False, server_default=sa.text("0")),
    )
    op.alter_column("placement_contract", "position", server_default=None)
    op.create_foreign_key(
        op.f("fk_placement_contract_recorded_by_account"),
        "placement_contract",
        "account",
        ["recorded_by"],
        ["id"],
    )
