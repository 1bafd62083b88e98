"""Create the extensions and the tables of the job queue.

procrastinate's schema is the file beside this one, copied from the release named in it, and not
read from the installed package: a later release would make this migration build another schema
than the one that runs in production. A new release with schema changes gets a new migration; a
test compares what the chain builds with what the installed release expects.

The extensions stay on the way down: they may have been there before, and need a superuser.

Revision ID: 0001
"""

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

QUEUE_SCHEMA = Path(__file__).with_name("0001_procrastinate_3_10_0.sql")

DROP_QUEUE = r"""
DROP TABLE procrastinate_events, procrastinate_periodic_defers,
           procrastinate_jobs, procrastinate_workers CASCADE;
DO $$
DECLARE
    leftover record;
BEGIN
    FOR leftover IN
        SELECT oid::regprocedure AS signature FROM pg_proc
        WHERE proname LIKE 'procrastinate\_%' AND pronamespace = current_schema()::regnamespace
    LOOP
        EXECUTE 'DROP FUNCTION ' || leftover.signature;
    END LOOP;
END;
$$;
DROP TYPE procrastinate_job_to_defer_v1, procrastinate_job_event_type, procrastinate_job_status;
"""


def upgrade() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS postgis")
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    op.execute(QUEUE_SCHEMA.read_text(encoding="utf-8"))


def downgrade() -> None:
    op.execute(DROP_QUEUE)
