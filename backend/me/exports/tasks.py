"""Owns the jobs of exports: making one, and forgetting those that are too old."""

from uuid import UUID

import structlog

from backend import clock
from backend.db import unit_of_work
from backend.files.place import current_storage
from backend.jobs.queue import tasks
from backend.me.exports import service

log = structlog.get_logger(__name__)


@tasks.task(name=service.TASK)
def make_export(export_id: str) -> None:
    """Make an archive and tell its person; one that is made, or not wanted any more, is left."""
    service.make_export(unit_of_work, current_storage(), export_id=UUID(export_id), now=clock.now())


@tasks.periodic(name="exports.forget", cron="15 * * * *")
def forget_old_exports() -> None:
    """Delete the archives that are too old, and those that no export refers to."""
    with unit_of_work() as session:
        service.forget_old_exports(session, now=clock.now())
    swept = service.sweep_archives(unit_of_work, current_storage(), now=clock.now())
    if swept:
        log.info("archives_swept", files=swept)
