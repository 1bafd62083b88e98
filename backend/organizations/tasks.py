"""Owns the nightly forgetting of invitations that nobody accepted."""

from backend import clock
from backend.db import unit_of_work
from backend.jobs.queue import tasks
from backend.organizations.retention import forget_invitations


@tasks.periodic(name="invitations.forget", cron="40 18 * * *")
def forget_old_invitations() -> None:
    """Delete invitations that expired long ago."""
    with unit_of_work() as session:
        forget_invitations(session, now=clock.now())
