"""Owns the sweeping of counts whose window is over."""

from backend import clock
from backend.db import unit_of_work
from backend.jobs.queue import tasks
from backend.limits.store import forget_expired

FORGOTTEN_AT_ONCE = 5_000


@tasks.periodic(name="limits.forget", cron="*/10 * * * *")
def forget_expired_counts() -> None:
    """Delete what is over, some thousands a transaction."""
    forgotten = FORGOTTEN_AT_ONCE
    while forgotten == FORGOTTEN_AT_ONCE:
        with unit_of_work() as session:
            forgotten = forget_expired(session, clock.now(), FORGOTTEN_AT_ONCE)
