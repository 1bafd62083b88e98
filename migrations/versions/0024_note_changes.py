"""Note what changed for whom, so that a phone can ask for what it has not seen.

A row says "look at this again": the newest change of a subject takes the place of the one before.
Its number is that of the transaction, because only those that ended are told of, and the sequence
within it.

Revision ID: 0024
Revises: 0023
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

NOTE_CHANGE = """
CREATE FUNCTION note_change(about text, subject uuid, reader uuid) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF reader IS NULL THEN
        INSERT INTO change (kind, subject_id) VALUES (about, subject)
        ON CONFLICT (kind, subject_id) WHERE account_id IS NULL
        DO UPDATE SET xid = EXCLUDED.xid, seq = EXCLUDED.seq, noted_at = EXCLUDED.noted_at;
    ELSE
        -- Who is being erased reads no more.
        INSERT INTO change (kind, subject_id, account_id)
        SELECT about, subject, id FROM account WHERE id = reader
        ON CONFLICT (account_id, kind, subject_id) WHERE account_id IS NOT NULL
        DO UPDATE SET xid = EXCLUDED.xid, seq = EXCLUDED.seq, noted_at = EXCLUDED.noted_at;
    END IF;
END;
$$
"""

NOTE_PROPOSAL = """
CREATE FUNCTION note_proposal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'DELETE' THEN
        PERFORM note_change('proposal', NEW.id, NULL);
    END IF;
    -- Whose it was finds it no more by its author.
    IF TG_OP = 'DELETE' OR TG_OP = 'UPDATE' AND NEW.author_id <> OLD.author_id THEN
        PERFORM note_change('proposal', OLD.id, OLD.author_id);
    END IF;
    RETURN NULL;
END;
$$
"""

NOTE_SUBSCRIPTION = """
CREATE FUNCTION note_subscription() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM note_change('proposal', OLD.proposal_id, OLD.account_id);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM note_change('proposal', NEW.proposal_id, NEW.account_id);
    END IF;
    RETURN NULL;
END;
$$
"""

NOTE_NOTICE = """
CREATE FUNCTION note_notice() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    told notice := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
BEGIN
    PERFORM note_change('notice', told.id, told.recipient_id);
    RETURN NULL;
END;
$$
"""

NOTE_RESIDENCE = """
CREATE FUNCTION note_residence() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    declared residence := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
BEGIN
    PERFORM note_change('residence', declared.account_id, declared.account_id);
    RETURN NULL;
END;
$$
"""

TRIGGERS = {
    "proposal": ("note_proposal", NOTE_PROPOSAL),
    "endorsement": ("note_subscription", NOTE_SUBSCRIPTION),
    "notice": ("note_notice", NOTE_NOTICE),
    "residence": ("note_residence", NOTE_RESIDENCE),
}
"""Table -> the function that notes its changes, and how it is made."""


def upgrade() -> None:
    """Create the table of changes and have the tables that people follow write to it."""
    op.create_table(
        "change",
        sa.Column("seq", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "xid",
            sa.BigInteger(),
            server_default=sa.text("pg_current_xact_id()::text::bigint"),
            nullable=False,
        ),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column(
            "noted_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.CheckConstraint(
            "kind IN ('residence', 'proposal', 'notice')", name=op.f("ck_change_kind")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_change_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_change")),
    )
    op.create_index(
        "uq_change_of_all",
        "change",
        ["kind", "subject_id"],
        unique=True,
        postgresql_where="account_id IS NULL",
    )
    op.create_index(
        "uq_change_of_one",
        "change",
        ["account_id", "kind", "subject_id"],
        unique=True,
        postgresql_where="account_id IS NOT NULL",
    )
    op.create_index(
        "ix_change_of_one",
        "change",
        ["account_id", "xid", "seq"],
        postgresql_where="account_id IS NOT NULL",
    )
    op.create_table(
        "change_horizon",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("xid", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_change_horizon_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_horizon")),
    )
    op.execute(NOTE_CHANGE)
    for table, (function, source) in TRIGGERS.items():
        op.execute(source)
        op.execute(
            f"CREATE TRIGGER {function} AFTER INSERT OR UPDATE OR DELETE ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION {function}()"
        )


def downgrade() -> None:
    """Drop the table of changes and what writes to it."""
    for table, (function, _) in TRIGGERS.items():
        op.execute(f"DROP TRIGGER {function} ON {table}")
        op.execute(f"DROP FUNCTION {function}()")
    op.execute("DROP FUNCTION note_change(text, uuid, uuid)")
    op.drop_table("change_horizon")
    op.drop_table("change")
