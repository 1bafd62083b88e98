"""Owns the end of uploads: completed, abandoned, out of time, of a person; and stray chunks."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from backend.files.disposal import delete_now
from backend.files.storage import Storage
from backend.jobs.outbox import defer
from backend.proposals.photos.disposal import GRACE, Unit, old_names
from backend.proposals.uploads.models import Upload
from backend.proposals.uploads.queries import (
    known_folders,
    list_expired,
    list_uploads_for,
    list_uploads_of,
)

FOLDER = "uploads"
"""Where chunks lie in the storage."""

TASK = "uploads.delete_chunks"

AT_ONCE = 100
"""Uploads that one transaction of the clearing ends."""


def delete_chunks_later(session: Session, upload: Upload) -> None:
    """Have the chunks of an upload deleted once the session's transaction is committed."""
    defer(session, TASK, folder=upload.folder)


def delete_chunks(storage: Storage, folder: str) -> None:
    """Delete the chunks in a folder; when there are none, nothing happens."""
    delete_now(storage, [found.name for found in storage.list(folder)])


def end_expired(session: Session, *, now: datetime) -> int:
    """End some of the uploads whose time has run out, and return how many."""
    expired = list_expired(session, now=now, limit=AT_ONCE)
    for upload in expired:
        delete_chunks_later(session, upload)
        session.delete(upload)
    session.flush()
    return len(expired)


def delete_uploads_for_proposal(session: Session, proposal_id: UUID) -> None:
    """Have the chunks of photos for a proposal deleted, whose rows go with the proposal's."""
    for upload in list_uploads_for(session, proposal_id):
        delete_chunks_later(session, upload)


def delete_uploads_of(session: Session, account_id: UUID) -> int:
    """End every upload of a person, for the erasure of an account; return how many."""
    uploads = list_uploads_of(session, account_id)
    for upload in uploads:
        delete_chunks_later(session, upload)
        session.delete(upload)
    session.flush()
    return len(uploads)


def sweep_chunks(unit: Unit, storage: Storage, *, now: datetime) -> int:
    """Delete the chunks of folders that no upload refers to and return how many.

    They are left by requests that outlived their upload, or whose row was never committed.

    :param unit: opens a unit of work for some of the chunks.
    :param now: chunks younger than `GRACE` before it are left alone.
    """
    swept = 0
    for names in old_names(storage, FOLDER, now - GRACE):
        folder_of = {name: name.rpartition("/")[0] for name in names}
        with unit() as session:
            known = known_folders(session, set(folder_of.values()))
        strays = [name for name, folder in folder_of.items() if folder not in known]
        delete_now(storage, strays)
        swept += len(strays)
    return swept
