"""Keep what becomes of a round's terms: notices, policies, transfers, interests, withdrawals.

Notices, versions of the policy and transfers take new rows only: a trigger refuses anything else.
What there was before counts as it stood: an area's first amount is what it has, VAT included, of
the round's own year, and the policy in force is the first version.

Revision ID: 0017
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)

CHECKS_OF_ROUND = {
    "status": (
        "status IN ('draft', 'open', 'closed', 'matched', 'approved', 'published')",
        "status IN ('draft', 'open', 'closed', 'matched', 'approved', 'published', 'cancelled')",
    ),
    "closed_at_of_status": (
        "(status IN ('draft', 'open')) = (closed_at IS NULL)",
        "status = 'cancelled' OR (status IN ('draft', 'open')) = (closed_at IS NULL)",
    ),
    "matched_at_of_status": (
        "(status IN ('draft', 'open', 'closed')) = (matched_at IS NULL)",
        "status = 'cancelled' OR (status IN ('draft', 'open', 'closed')) = (matched_at IS NULL)",
    ),
    "approved_at_of_status": (
        "(status IN ('approved', 'published')) = (approved_at IS NOT NULL)",
        "status = 'cancelled' OR (status IN ('approved', 'published')) = (approved_at IS NOT NULL)",
    ),
}
"""Name -> what the check said before, and what it says now: any state may lead to cancelled."""

REFUSE_CHANGE = """
CREATE FUNCTION round_record_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% takes new rows only', TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END;
$$
"""

RECORDS = ("round_notice", "round_policy_version", "budget_transfer")


def upgrade() -> None:
    let_rounds_be_cancelled()
    say_what_amounts_are()
    let_offers_be_withdrawn()
    keep_who_asked()
    create_notices()
    create_policy_versions()
    create_transfers()
    create_interests()
    create_reporting_records()
    op.execute(REFUSE_CHANGE)
    for table in RECORDS:
        op.execute(
            f"CREATE TRIGGER {table}_refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION round_record_refuse_change()"
        )


def downgrade() -> None:
    for table in (*RECORDS, "declared_interest", "reporting_record"):
        op.drop_table(table)
    op.execute("DROP FUNCTION round_record_refuse_change()")
    for table, columns in (
        ("application", ("pledges_purchase", "pledge_text", "changed_by", "withdrawn_by")),
        (
            "offer",
            (
                *("takes_applications", "policy_demands"),
                *("withdrawn_at", "withdrawn_by", "withdrawal_reason"),
            ),
        ),
        ("budget_area", ("initial_krw", "vat_included", "budget_year")),
        ("round", ("policy_version", "cancelled_at")),
    ):
        for column in columns:
            op.drop_column(table, column)
    for name, (before, _) in CHECKS_OF_ROUND.items():
        replace_check(name, before)


def let_rounds_be_cancelled() -> None:
    op.add_column("round", sa.Column("cancelled_at", MOMENT, nullable=True))
    op.add_column(
        "round", sa.Column("policy_version", sa.Integer(), nullable=False, server_default="1")
    )
    op.alter_column("round", "policy_version", server_default=None)
    for name, (_, now) in CHECKS_OF_ROUND.items():
        replace_check(name, now)
    op.create_check_constraint(
        op.f("ck_round_cancelled_at_of_status"),
        "round",
        "(status = 'cancelled') = (cancelled_at IS NOT NULL)",
    )


def replace_check(name: str, condition: str) -> None:
    op.drop_constraint(op.f(f"ck_round_{name}"), "round", type_="check")
    op.create_check_constraint(op.f(f"ck_round_{name}"), "round", condition)


def say_what_amounts_are() -> None:
    op.add_column("budget_area", sa.Column("initial_krw", sa.BigInteger(), nullable=True))
    op.add_column("budget_area", sa.Column("vat_included", sa.Boolean(), nullable=True))
    op.add_column("budget_area", sa.Column("budget_year", sa.Integer(), nullable=True))
    op.execute("""
        UPDATE budget_area
        SET initial_krw = budget_krw, vat_included = true, budget_year = round.programme_year
        FROM round WHERE round.id = budget_area.round_id
    """)
    for column in ("initial_krw", "vat_included", "budget_year"):
        op.alter_column("budget_area", column, nullable=False)
    op.create_check_constraint(
        op.f("ck_budget_area_initial_not_negative"), "budget_area", "initial_krw >= 0"
    )


def let_offers_be_withdrawn() -> None:
    op.add_column(
        "offer",
        sa.Column("takes_applications", sa.Boolean(), nullable=False, server_default=sa.true()),
    )
    op.alter_column("offer", "takes_applications", server_default=None)
    op.add_column(
        "offer",
        sa.Column("policy_demands", sa.ARRAY(sa.Text()), nullable=False, server_default="{}"),
    )
    op.alter_column("offer", "policy_demands", server_default=None)
    op.add_column("offer", sa.Column("withdrawn_at", MOMENT, nullable=True))
    op.add_column("offer", sa.Column("withdrawn_by", sa.Uuid(), nullable=True))
    op.add_column("offer", sa.Column("withdrawal_reason", sa.String(), nullable=True))
    refer_to_account("offer", "withdrawn_by")
    op.create_check_constraint(
        op.f("ck_offer_withdrawn_for_a_reason"),
        "offer",
        "(withdrawn_at IS NULL) = (withdrawal_reason IS NULL)",
    )


def keep_who_asked() -> None:
    op.add_column(
        "application",
        sa.Column("pledges_purchase", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.alter_column("application", "pledges_purchase", server_default=None)
    op.add_column("application", sa.Column("pledge_text", sa.String(), nullable=True))
    op.add_column("application", sa.Column("changed_by", sa.Uuid(), nullable=True))
    op.add_column("application", sa.Column("withdrawn_by", sa.Uuid(), nullable=True))
    op.execute("UPDATE application SET changed_by = applied_by")
    refer_to_account("application", "changed_by")
    refer_to_account("application", "withdrawn_by")
    op.create_check_constraint(
        op.f("ck_application_pledge_in_words"),
        "application",
        "pledges_purchase = (pledge_text IS NOT NULL)",
    )


def refer_to_account(table: str, column: str) -> None:
    op.create_foreign_key(op.f(f"fk_{table}_{column}_account"), table, "account", [column], ["id"])


def create_notices() -> None:
    op.create_table(
        "round_notice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("changes", postgresql.JSONB(), nullable=False),
        sa.Column("issued_by", sa.Uuid(), nullable=True),
        sa.Column("issued_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "kind IN ('corrected', 'extended', 'cancelled', 'policy_changed', 'offer_withdrawn')",
            name=op.f("ck_round_notice_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_round_notice_round_id_round")
        ),
        sa.ForeignKeyConstraint(
            ["issued_by"], ["account.id"], name=op.f("fk_round_notice_issued_by_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_notice")),
    )
    op.create_index(op.f("ix_round_notice_round_id_id"), "round_notice", ["round_id", "id"])


def create_policy_versions() -> None:
    op.create_table(
        "round_policy_version",
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("policy", postgresql.JSONB(), nullable=False),
        sa.Column("changed_fields", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_round_policy_version_from_one")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_round_policy_version_round_id_round")
        ),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["account.id"], name=op.f("fk_round_policy_version_changed_by_account")
        ),
        sa.PrimaryKeyConstraint("round_id", "version", name=op.f("pk_round_policy_version")),
    )
    op.execute("""
        INSERT INTO round_policy_version
            (round_id, version, policy, changed_fields, changed_by, changed_at)
        SELECT id, 1, policy, '{}', created_by, created_at FROM round
    """)


def create_transfers() -> None:
    op.create_table(
        "budget_transfer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("from_area_id", sa.Uuid(), nullable=False),
        sa.Column("to_area_id", sa.Uuid(), nullable=False),
        sa.Column("amount_krw", sa.BigInteger(), nullable=False),
        sa.Column("vat_included", sa.Boolean(), nullable=False),
        sa.Column("budget_year", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("transferred_by", sa.Uuid(), nullable=True),
        sa.Column("transferred_at", MOMENT, nullable=False),
        sa.CheckConstraint("amount_krw > 0", name=op.f("ck_budget_transfer_amount_positive")),
        sa.CheckConstraint(
            "from_area_id <> to_area_id", name=op.f("ck_budget_transfer_between_two_areas")
        ),
        *(
            sa.ForeignKeyConstraint(
                [column, "round_id"],
                ["budget_area.id", "budget_area.round_id"],
                name=op.f(f"fk_budget_transfer_{column}_round_id_budget_area"),
            )
            for column in ("from_area_id", "to_area_id")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_budget_transfer_round_id_round")
        ),
        sa.ForeignKeyConstraint(
            ["transferred_by"],
            ["account.id"],
            name=op.f("fk_budget_transfer_transferred_by_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget_transfer")),
    )
    op.create_index(op.f("ix_budget_transfer_round_id_id"), "budget_transfer", ["round_id", "id"])
    for column in ("from_area_id", "to_area_id"):
        op.create_index(op.f(f"ix_budget_transfer_{column}"), "budget_transfer", [column])


def create_interests() -> None:
    op.create_table(
        "declared_interest",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("subject_type", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("declared_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "subject_type IN ('supplier', 'product', 'institution')",
            name=op.f("ck_declared_interest_subject_type"),
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_declared_interest_round_id_round")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_declared_interest_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declared_interest")),
        sa.UniqueConstraint(
            *("round_id", "account_id", "subject_type", "subject_id"),
            name="uq_declared_interest_once",
        ),
    )


def create_reporting_records() -> None:
    op.create_table(
        "reporting_record",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("subject_type", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("reported_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institution.organization_id"],
            name=op.f("fk_reporting_record_institution_id_institution"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reporting_record")),
        sa.UniqueConstraint(
            "subject_type",
            "subject_id",
            name=op.f("uq_reporting_record_subject_type_subject_id"),
        ),
    )
    op.create_index(
        op.f("ix_reporting_record_institution_id"), "reporting_record", ["institution_id"]
    )
