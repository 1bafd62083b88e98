"""Owns the hourly clearing of attempts that are over."""

from backend import clock
from backend.accounts.oidc.attempts import FORGOTTEN_AT_ONCE, forget_attempts
from backend.db import unit_of_work
from backend.jobs.queue import tasks


@tasks.periodic(name="sign_in_attempts.forget", cron="35 * * * *")
def forget_old_attempts() -> None:
    """Delete the attempts that are over, a few thousand a transaction."""
    forgotten = FORGOTTEN_AT_ONCE
    while forgotten == FORGOTTEN_AT_ONCE:
        with unit_of_work() as session:
            forgotten = forget_attempts(session, now=clock.now())
