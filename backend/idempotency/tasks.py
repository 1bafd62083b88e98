"""Owns the hourly clearing of kept answers."""

from backend import clock
from backend.db import unit_of_work
from backend.idempotency.service import FORGOTTEN_AT_ONCE, forget_old
from backend.jobs.queue import tasks


@tasks.periodic(name="idempotency.forget", cron="20 * * * *")
def forget_old_answers() -> None:
    """Delete the answers that are not given again, a few thousand a transaction."""
    forgotten = FORGOTTEN_AT_ONCE
    while forgotten == FORGOTTEN_AT_ONCE:
        with unit_of_work() as session:
            forgotten = forget_old(session, now=clock.now())
