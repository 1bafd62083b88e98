"""Owns the job that deletes a file."""

from backend.files.disposal import TASK, delete_now
from backend.files.place import current_storage
from backend.jobs.queue import tasks


@tasks.task(name=TASK)
def delete_file(name: str) -> None:
    """Delete a file; one that is gone already is no fault."""
    delete_now(current_storage(), [name])
