"""Owns the jobs of photos: thumbnails, and the sweep of files that nobody knows."""

from uuid import UUID

import structlog

from backend import clock
from backend.db import unit_of_work
from backend.files.place import current_storage
from backend.jobs.queue import tasks
from backend.proposals.photos.disposal import sweep_photos
from backend.proposals.photos.thumbnails import TASK, make_thumbnail

log = structlog.get_logger(__name__)


@tasks.task(name=TASK)
def make_thumbnail_of(photo_id: str) -> None:
    """Make the thumbnail of a photo; one that is there, or a photo that is gone, is left alone."""
    make_thumbnail(unit_of_work, current_storage(), photo_id=UUID(photo_id), now=clock.now())


@tasks.periodic(name="photos.sweep", cron="40 18 * * *")
def sweep_files() -> None:
    """Delete the files that no photo refers to, every night in Korea."""
    swept = sweep_photos(unit_of_work, current_storage(), now=clock.now())
    if swept:
        log.info("photos_swept", files=swept)
