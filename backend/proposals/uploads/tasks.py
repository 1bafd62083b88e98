"""Owns the jobs of uploads: the deleting of chunks, and the clearing of what was abandoned."""

from backend import clock
from backend.db import unit_of_work
from backend.files.place import current_storage
from backend.jobs.queue import tasks
from backend.proposals.uploads.disposal import (
    AT_ONCE,
    TASK,
    delete_chunks,
    end_expired,
    sweep_chunks,
)


@tasks.task(name=TASK)
def delete_chunks_of(folder: str) -> None:
    """Delete the chunks of an upload that is over."""
    delete_chunks(current_storage(), folder)


@tasks.periodic(name="uploads.expire", cron="10 * * * *")
def end_expired_uploads() -> None:
    """End the uploads whose time has run out, a hundred a transaction, then stray chunks."""
    ended = AT_ONCE
    while ended == AT_ONCE:
        with unit_of_work() as session:
            ended = end_expired(session, now=clock.now())
    sweep_chunks(unit_of_work, current_storage(), now=clock.now())
