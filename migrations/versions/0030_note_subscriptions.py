"""Note for apps what changes for co-authors and followers, and the photos of proposals.

Revision ID: 0030
Revises: 0029
"""

from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

SUBSCRIPTIONS = ("proposal_follow", "co_author")

NOTE_PART = """
CREATE FUNCTION note_part() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM note_change('proposal', OLD.proposal_id, NULL);
    ELSE
        PERFORM note_change('proposal', NEW.proposal_id, NULL);
    END IF;
    RETURN NULL;
END;
$$
"""


def upgrade() -> None:
    """Call the functions that note a change from more tables."""
    op.execute(NOTE_PART)
    for table in SUBSCRIPTIONS:
        op.execute(
            f"CREATE TRIGGER note_subscription AFTER INSERT OR UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION note_subscription()"
        )
    op.execute(
        "CREATE TRIGGER note_part AFTER INSERT OR UPDATE OR DELETE ON photo"
        " FOR EACH ROW EXECUTE FUNCTION note_part()"
    )


def downgrade() -> None:
    """Note the changes of these tables no more."""
    op.execute("DROP TRIGGER note_part ON photo")
    for table in SUBSCRIPTIONS:
        op.execute(f"DROP TRIGGER note_subscription ON {table}")
    op.execute("DROP FUNCTION note_part()")
