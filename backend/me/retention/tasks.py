"""Owns the nightly clearing of what is left of people who were erased."""

from backend import clock
from backend.accounts.personal_data import forget_proofs
from backend.db import unit_of_work
from backend.jobs.queue import tasks
from backend.notifications.personal_data import forget_of_erased


@tasks.periodic(name="erased.forget", cron="45 18 * * *")
def forget_erased() -> None:
    """Delete proofs of consent that nobody needs any more, and notices that nobody reads."""
    gone = 1
    while gone:
        with unit_of_work() as session:
            gone = forget_proofs(session, now=clock.now()) + forget_of_erased(session)
