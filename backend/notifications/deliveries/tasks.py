"""Owns the jobs of the outbox: send one, gather digests, look after what was lost or is old."""

from uuid import UUID

import structlog
from flask import current_app

from backend import clock
from backend.db import unit_of_work
from backend.jobs.queue import tasks
from backend.notifications.deliveries import digests, sending, upkeep
from backend.notifications.deliveries.planning import TASK

log = structlog.get_logger(__name__)


@tasks.task(name=TASK)
def deliver(delivery_id: str) -> None:
    """Send one delivery; its attempts and waits stand in its row, not in the queue."""
    sending.deliver(unit_of_work, current_app.config, UUID(delivery_id), clock.now)


@tasks.task(name=digests.TASK)
def send_digest(account_id: str) -> None:
    """Send one person's digest."""
    sending.deliver_digest(unit_of_work, current_app.config, UUID(account_id), clock.now)


@tasks.periodic(name="notifications.gather_digests", cron="*/5 * * * *")
def gather_digests() -> None:
    """Queue the digests that are due."""
    with unit_of_work() as session:
        digests.queue_due_digests(session, now=clock.now())


@tasks.periodic(name="notifications.keep_up", cron="*/10 * * * *")
def keep_up_outbox() -> None:
    """Queue deliveries whose job was lost, and clear old ones a few thousand a transaction."""
    with unit_of_work() as session:
        queued = upkeep.queue_overdue(session, now=clock.now())
    if queued:
        log.warning("deliveries_queued_again", count=queued)
    cleared = upkeep.AT_ONCE
    while cleared == upkeep.AT_ONCE:
        with unit_of_work() as session:
            cleared = upkeep.clear_ended(session, now=clock.now())
