"""Owns the sweeping of counts whose window is over."""

from backend import clock
from backend.config import READ_BIND
from backend.db import db
from backend.jobs.queue import tasks
from backend.limits.store import forget_expired

FORGOTTEN_AT_ONCE = 5_000


@tasks.periodic(name="limits.forget", cron="*/10 * * * *")
def forget_expired_counts() -> None:
    """Delete what is over, some thousands a statement."""
    forgotten = FORGOTTEN_AT_ONCE
    while forgotten == FORGOTTEN_AT_ONCE:
        forgotten = forget_expired(db.engines[READ_BIND], clock.now(), FORGOTTEN_AT_ONCE)
