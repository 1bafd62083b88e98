"""Freeze the inputs of rounds, take seeds from two people, and take objections to plans.

Triggers keep frozen inputs, seeds and contracts from changing; they let a run that is no rehearsal
in with the official seed only, and hold what was computed and verified as it is. Runs from before
keep their place without frozen inputs.

Revision ID: 0019
Revises: 0018
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

REFUSE_RUN = """
CREATE OR REPLACE FUNCTION matching_run_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    asked text[] := ARRAY['id', 'round_id', 'inputs_id', 'seed', 'is_rehearsal', 'inputs_sha256',
                          'run_by', 'run_at'];
    computed text[] := ARRAY['engine', 'instance_text', 'plan_text'];
    verified text[] := ARRAY['state', 'started_at', 'finished_at', 'failure', 'verified_at',
                             'verifier_exit_code', 'violations'];
    changed text[];
BEGIN
    IF TG_OP <> 'UPDATE' THEN
        RAISE EXCEPTION 'a matching run is superseded, never deleted'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT coalesce(array_agg(n.key), '{}') INTO changed
        FROM jsonb_each(to_jsonb(NEW)) n JOIN jsonb_each(to_jsonb(OLD)) o USING (key)
        WHERE n.value IS DISTINCT FROM o.value;
    IF changed && asked OR (OLD.plan_text IS NOT NULL AND changed && computed) THEN
        RAISE EXCEPTION 'what a matching run computed does not change'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF OLD.state IN ('done', 'failed') AND changed && verified THEN
        RAISE EXCEPTION 'how a matching run ended does not change'
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

REFUSE_RUN_BEFORE = """
CREATE OR REPLACE FUNCTION matching_run_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
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

ADMIT_RUN = """
CREATE FUNCTION matching_run_admit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.inputs_id IS NULL OR NEW.state <> 'queued' THEN
        RAISE EXCEPTION 'a matching run begins in the queue, with frozen inputs'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NOT NEW.is_rehearsal AND NOT EXISTS (
        SELECT FROM official_seed WHERE round_id = NEW.round_id AND seed = NEW.seed
    ) THEN
        RAISE EXCEPTION 'a run with any seed but the official one is a rehearsal'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END;
$$
"""

ADMIT_SEED = """
CREATE FUNCTION official_seed_admit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT count(*) FROM seed_entry
        WHERE round_id = NEW.round_id AND replaced_at IS NULL AND seed = NEW.seed
          AND entered_by IN (NEW.first_entered_by, NEW.second_entered_by)) <> 2 THEN
        RAISE EXCEPTION 'an official seed was entered by two people'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NOT EXISTS (SELECT FROM round_inputs
                   WHERE id = NEW.inputs_id AND round_id = NEW.round_id
                     AND seed_due_at <= NEW.set_at) THEN
        RAISE EXCEPTION 'a seed becomes official after the announced date'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END;
$$
"""

# The trigger names the one column that may be filled in, once; without one the row never changes.
REFUSE_RECORD = """
CREATE FUNCTION draw_record_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed text[];
BEGIN
    IF TG_OP = 'UPDATE' THEN
        SELECT coalesce(array_agg(n.key), '{}') INTO changed
            FROM jsonb_each(to_jsonb(NEW)) n JOIN jsonb_each(to_jsonb(OLD)) o USING (key)
            WHERE n.value IS DISTINCT FROM o.value;
        IF changed = '{}' THEN
            RETURN NEW;
        END IF;
        IF TG_NARGS = 1 AND changed = ARRAY[TG_ARGV[0]]
           AND to_jsonb(OLD) -> TG_ARGV[0] = 'null' THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'a row of % stays as it was made', TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END;
$$
"""

KEPT = {
    "round_inputs": "'superseded_at'",
    "seed_entry": "'replaced_at'",
    "official_seed": "",
    "placement_contract": "",
}
"""Table -> the column that may be filled in once."""

CHECKS_OF_RUN = {
    "state": "state IN ('queued', 'running', 'done', 'failed')",
    "done_has_plan": "state <> 'done' OR num_nulls(engine, instance_text, plan_text) = 0",
    "failure_of_state": "(state = 'failed') = (failure IS NOT NULL)",
    "done_before_verified": "verified_at IS NULL OR state = 'done'",
    "verifier_passed": (
        "verified_at IS NULL OR inputs_id IS NULL OR verifier_exit_code IS NOT DISTINCT FROM 0"
    ),
    "rehearsal_stays_one": "NOT is_rehearsal OR num_nonnulls(approved_at, published_at) = 0",
}

CHECKS_OF_OBJECTION = {
    "one_standing": "num_nonnulls(institution_id, proposal_id) = 1",
    "reason": "btrim(reason) <> ''",
    "decision": "decision IN ('dismissed', 'upheld')",
    "whole_decision": (
        "num_nulls(decision, decided_by, decided_at, decision_reason, public_summary) IN (0, 5)"
    ),
    "remedy": "remedy IN ('superseding_plan', 'later_round')",
    "remedy_of_upheld": ("(remedy IS NOT NULL) = (decision IS NOT NULL AND decision = 'upheld')"),
    "decided_by_another": "decided_by <> objector_id",
    "one_end": "num_nonnulls(decided_at, withdrawn_at) <= 1",
}

KEYS_OF_OBJECTION = (
    ("round_id", "round", "id"),
    ("run_id", "matching_run", "id"),
    ("outcome_id", "outcome", "id"),
    ("objector_id", "account", "id"),
    ("institution_id", "institution", "organization_id"),
    ("proposal_id", "proposal", "id"),
    ("decided_by", "account", "id"),
)

ADDED_TO_RUN = (
    "inputs_id",
    "is_rehearsal",
    "state",
    "started_at",
    "finished_at",
    "failure",
    "verifier_exit_code",
)


def upgrade() -> None:
    create_inputs()
    create_seeds()
    op.create_table(
        "placement_contract",
        sa.Column("placement_id", sa.Uuid(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["placement_id"],
            ["placement.id"],
            name=op.f("fk_placement_contract_placement_id_placement"),
        ),
        sa.PrimaryKeyConstraint("placement_id", name=op.f("pk_placement_contract")),
    )
    create_objections()
    change_runs()
    create_triggers()


def downgrade() -> None:
    op.drop_table("plan_objection")
    op.execute("DROP TRIGGER matching_run_admit ON matching_run")
    op.execute("DROP FUNCTION matching_run_admit()")
    op.execute(REFUSE_RUN_BEFORE)
    for name in ("uq_matching_run_pending", "uq_matching_run_published"):
        op.drop_index(name, "matching_run")
    for name in CHECKS_OF_RUN:
        op.drop_constraint(op.f(f"ck_matching_run_{name}"), "matching_run")
    op.drop_constraint(op.f("fk_matching_run_inputs_id_round_id_round_inputs"), "matching_run")
    for name in ADDED_TO_RUN:
        op.drop_column("matching_run", name)
    for name in ("engine", "instance_text", "plan_text"):
        op.alter_column("matching_run", name, nullable=False)
    op.create_index(
        "uq_matching_run_current",
        "matching_run",
        ["round_id"],
        unique=True,
        postgresql_where=sa.text("superseded_at IS NULL"),
    )
    for table in ("official_seed", "seed_entry", "round_inputs", "placement_contract"):
        op.drop_table(table)
    op.execute("DROP FUNCTION official_seed_admit()")
    op.execute("DROP FUNCTION draw_record_refuse_change()")


def create_inputs() -> None:
    op.create_table(
        "round_inputs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("inputs_sha256", sa.String(), nullable=False),
        sa.Column("instance_text", sa.String(), nullable=False),
        sa.Column("requests", postgresql.JSONB(), nullable=False),
        sa.Column("changes", postgresql.JSONB(), nullable=False),
        sa.Column("seed_source", sa.String(), nullable=False),
        sa.Column("seed_form", sa.String(), nullable=False),
        sa.Column("seed_due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("frozen_by", sa.Uuid(), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('frozen', 'refrozen', 'corrected')", name=op.f("ck_round_inputs_kind")
        ),
        sa.CheckConstraint(
            "(kind = 'frozen') = (version = 1)", name=op.f("ck_round_inputs_first_is_frozen")
        ),
        sa.CheckConstraint(
            "(version = 1) = (reason IS NULL)", name=op.f("ck_round_inputs_reason_of_later")
        ),
        sa.ForeignKeyConstraint(
            ["frozen_by"], ["account.id"], name=op.f("fk_round_inputs_frozen_by_account")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_round_inputs_round_id_round")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_inputs")),
        sa.UniqueConstraint("id", "round_id", name=op.f("uq_round_inputs_id_round_id")),
        sa.UniqueConstraint("round_id", "version", name=op.f("uq_round_inputs_round_id_version")),
    )
    op.create_index(
        "uq_round_inputs_current",
        "round_inputs",
        ["round_id"],
        unique=True,
        postgresql_where=sa.text("superseded_at IS NULL"),
    )


def create_seeds() -> None:
    op.create_table(
        "seed_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("seed", sa.String(), nullable=False),
        sa.Column("entered_by", sa.Uuid(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["entered_by"], ["account.id"], name=op.f("fk_seed_entry_entered_by_account")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_seed_entry_round_id_round")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seed_entry")),
    )
    op.create_index(
        "uq_seed_entry_current",
        "seed_entry",
        ["round_id", "entered_by"],
        unique=True,
        postgresql_where=sa.text("replaced_at IS NULL"),
    )
    op.create_table(
        "official_seed",
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("seed", sa.String(), nullable=False),
        sa.Column("inputs_id", sa.Uuid(), nullable=False),
        sa.Column("first_entered_by", sa.Uuid(), nullable=False),
        sa.Column("second_entered_by", sa.Uuid(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "first_entered_by <> second_entered_by", name=op.f("ck_official_seed_two_people")
        ),
        sa.ForeignKeyConstraint(
            ["first_entered_by"],
            ["account.id"],
            name=op.f("fk_official_seed_first_entered_by_account"),
        ),
        sa.ForeignKeyConstraint(
            ["inputs_id"], ["round_inputs.id"], name=op.f("fk_official_seed_inputs_id_round_inputs")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_official_seed_round_id_round")
        ),
        sa.ForeignKeyConstraint(
            ["second_entered_by"],
            ["account.id"],
            name=op.f("fk_official_seed_second_entered_by_account"),
        ),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_official_seed")),
    )


def create_objections() -> None:
    op.create_table(
        "plan_objection",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("outcome_id", sa.Uuid(), nullable=False),
        sa.Column("objector_id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=True),
        sa.Column("proposal_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision", sa.String(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_reason", sa.String(), nullable=True),
        sa.Column("public_summary", sa.String(), nullable=True),
        sa.Column("remedy", sa.String(), nullable=True),
        *(
            sa.CheckConstraint(condition, name=op.f(f"ck_plan_objection_{name}"))
            for name, condition in CHECKS_OF_OBJECTION.items()
        ),
        *(
            sa.ForeignKeyConstraint(
                [column],
                [f"{table}.{key}"],
                name=op.f(f"fk_plan_objection_{column}_{table}"),
            )
            for column, table, key in KEYS_OF_OBJECTION
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_objection")),
    )
    op.create_index(op.f("ix_plan_objection_round_id_id"), "plan_objection", ["round_id", "id"])
    op.create_index(
        op.f("ix_plan_objection_objector_id_id"), "plan_objection", ["objector_id", "id"]
    )
    op.create_index(
        "uq_plan_objection_of_objector",
        "plan_objection",
        ["outcome_id", "objector_id"],
        unique=True,
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )


def change_runs() -> None:
    op.add_column("matching_run", sa.Column("inputs_id", sa.Uuid(), nullable=True))
    op.add_column(
        "matching_run",
        sa.Column("is_rehearsal", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column(
        "matching_run", sa.Column("state", sa.String(), nullable=False, server_default="done")
    )
    for name in ("is_rehearsal", "state"):
        op.alter_column("matching_run", name, server_default=None)
    for name in ("started_at", "finished_at"):
        op.add_column("matching_run", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.add_column("matching_run", sa.Column("failure", sa.String(), nullable=True))
    op.add_column("matching_run", sa.Column("verifier_exit_code", sa.Integer(), nullable=True))
    for name in ("engine", "instance_text", "plan_text"):
        op.alter_column("matching_run", name, nullable=True)
    op.create_foreign_key(
        op.f("fk_matching_run_inputs_id_round_id_round_inputs"),
        "matching_run",
        "round_inputs",
        ["inputs_id", "round_id"],
        ["id", "round_id"],
    )
    for name, condition in CHECKS_OF_RUN.items():
        op.create_check_constraint(op.f(f"ck_matching_run_{name}"), "matching_run", condition)
    op.drop_index("uq_matching_run_current", "matching_run")
    op.create_index(
        "uq_matching_run_pending",
        "matching_run",
        ["round_id"],
        unique=True,
        postgresql_where=sa.text(
            "superseded_at IS NULL AND published_at IS NULL AND NOT is_rehearsal"
        ),
    )
    op.create_index(
        "uq_matching_run_published",
        "matching_run",
        ["round_id"],
        unique=True,
        postgresql_where=sa.text("superseded_at IS NULL AND published_at IS NOT NULL"),
    )


def create_triggers() -> None:
    for function in (REFUSE_RUN, ADMIT_RUN, ADMIT_SEED, REFUSE_RECORD):
        op.execute(function)
    op.execute(
        "CREATE TRIGGER matching_run_admit BEFORE INSERT ON matching_run"
        " FOR EACH ROW EXECUTE FUNCTION matching_run_admit()"
    )
    op.execute(
        "CREATE TRIGGER official_seed_admit BEFORE INSERT ON official_seed"
        " FOR EACH ROW EXECUTE FUNCTION official_seed_admit()"
    )
    for table, column in KEPT.items():
        op.execute(
            f"CREATE TRIGGER {table}_refuse_change BEFORE UPDATE OR DELETE ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION draw_record_refuse_change({column})"
        )
        op.execute(
            f"CREATE TRIGGER {table}_refuse_truncate BEFORE TRUNCATE ON {table}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION draw_record_refuse_change({column})"
        )
