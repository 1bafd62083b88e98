"""Create the audit chains.

The database appends: `audit_event_link()` numbers an event, links it to the one before it in its
chain and hashes it, under a lock on the chain that is held to the end of the transaction. What is
hashed is written out in `backend/audit/chain.py`, which recomputes it; change neither, ever: a new
form needs a new column that tells which form an event has.

The statement-level trigger refuses changes even where no row matches. It stops mistakes and a
stolen application role; whoever owns the table can drop it, and is found out by the hashes.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

LINK = r"""
CREATE FUNCTION audit_event_link() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    tail record;
BEGIN
    -- 'audi', and the chain: two chains with one hash only wait for each other.
    PERFORM pg_advisory_xact_lock(1635083369, hashtext(NEW.chain));
    SELECT seq, hash INTO tail FROM audit_event
        WHERE chain = NEW.chain ORDER BY seq DESC LIMIT 1;
    NEW.seq := coalesce(tail.seq, 0) + 1;
    NEW.prev_hash := coalesce(tail.hash, decode(repeat('00', 32), 'hex'));
    NEW.hash := sha256(NEW.prev_hash || convert_to(json_build_array(
        NEW.chain,
        NEW.seq,
        to_char(NEW.occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        NEW.actor_id,
        NEW.action,
        NEW.subject_type,
        NEW.subject_id,
        NEW.data
    )::text, 'UTF8'));
    RETURN NEW;
END;
$$
"""

REFUSE = """
CREATE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% takes new rows only', TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END;
$$
"""


def upgrade() -> None:
    op.create_table(
        "audit_event",
        sa.Column("chain", sa.String(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("subject_type", sa.String(), nullable=False),
        sa.Column("subject_id", sa.String(), nullable=False),
        sa.Column("data", sa.String(), nullable=False),
        sa.Column("prev_hash", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("chain", "seq", name="pk_audit_event"),
        sa.CheckConstraint("seq > 0", name=op.f("ck_audit_event_seq_positive")),
        sa.CheckConstraint(
            "octet_length(prev_hash) = 32", name=op.f("ck_audit_event_prev_hash_length")
        ),
        sa.CheckConstraint("octet_length(hash) = 32", name=op.f("ck_audit_event_hash_length")),
        sa.CheckConstraint(
            "json_typeof(data::json) = 'object'", name=op.f("ck_audit_event_data_object")
        ),
    )
    op.create_index(
        "ix_audit_event_subject_type_subject_id_occurred_at",
        "audit_event",
        ["subject_type", "subject_id", "occurred_at"],
    )
    op.create_index(
        "ix_audit_event_actor_id_occurred_at", "audit_event", ["actor_id", "occurred_at"]
    )
    op.create_table(
        "audit_published_head",
        sa.Column("chain", sa.String(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("chain", "seq", name="pk_audit_published_head"),
        sa.CheckConstraint(
            "octet_length(hash) = 32", name=op.f("ck_audit_published_head_hash_length")
        ),
    )
    op.execute(LINK)
    op.execute(
        "CREATE TRIGGER audit_event_link BEFORE INSERT ON audit_event"
        " FOR EACH ROW EXECUTE FUNCTION audit_event_link()"
    )
    op.execute(REFUSE)
    for table in ("audit_event", "audit_published_head"):
        op.execute(
            f"CREATE TRIGGER {table}_refuse_change"
            f" BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change()"
        )


def downgrade() -> None:
    op.drop_table("audit_published_head")
    op.drop_table("audit_event")
    op.execute("DROP FUNCTION audit_event_link()")
    op.execute("DROP FUNCTION audit_refuse_change()")
