"""Owns the deleting of files whose rows are gone: after the commit, again and again until done."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from backend.files.storage import Storage
from backend.jobs.outbox import defer

TASK = "files.delete"


def delete_later(session: Session, names: Iterable[str | None]) -> None:
    """Have files deleted once the session's transaction is committed.

    Deleted at once, they would be missing after a rollback.

    :param names: of the files; None stands for none.
    """
    for name in names:
        if name is not None:
            defer(session, TASK, name=name)


def delete_now(storage: Storage, names: Iterable[str]) -> None:
    """Delete files that no row refers to."""
    for name in names:
        storage.delete(name)
