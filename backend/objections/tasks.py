"""Owns the daily look at the clocks of objections."""

from backend import clock
from backend.db import unit_of_work
from backend.jobs.queue import tasks
from backend.objections.reminders import remind_judges


@tasks.periodic(name="objections.remind", cron="0 0 * * *")
def remind() -> None:
    """Remind officers of objections whose term ends soon or is over, at nine in Seoul."""
    with unit_of_work() as session:
        remind_judges(session, now=clock.now())
