"""Owns the queue's own periodic task: the sweep."""

import structlog

from backend import clock
from backend.db import unit_of_work
from backend.jobs.queue import tasks
from backend.jobs.sweeper import Swept, sweep

log = structlog.get_logger(__name__)


@tasks.periodic(name="jobs.sweep", cron="* * * * *")
def sweep_stalled_jobs() -> None:
    """Rescue the jobs of dead workers, every minute."""
    with unit_of_work() as session:
        swept = sweep(session, now=clock.now())
    if swept != Swept():
        log.warning(
            "jobs_swept",
            retried=swept.retried,
            given_up=swept.given_up,
            superseded=swept.superseded,
        )
