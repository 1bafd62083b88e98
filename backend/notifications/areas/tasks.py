"""Owns the job that tells those who follow a place."""

from uuid import UUID

from backend.db import unit_of_work
from backend.jobs.queue import tasks
from backend.notifications.areas.events import TASK
from backend.notifications.areas.telling import tell_area


@tasks.task(name=TASK)
def tell_followers(event_id: str) -> None:
    """Tell everybody who follows the place of an event."""
    tell_area(unit_of_work, UUID(event_id))
