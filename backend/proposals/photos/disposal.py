"""Owns the end of photos: of one, of a proposal, of a person, and of files that nobody knows."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from itertools import islice
from uuid import UUID

from sqlalchemy.orm import Session

from backend.audit.service import record
from backend.files.disposal import delete_later, delete_now
from backend.files.storage import Storage
from backend.proposals.photos.models import Photo
from backend.proposals.photos.queries import known_names, list_photos, list_photos_of

Unit = Callable[[], AbstractContextManager[Session]]
"""What opens a unit of work."""

FOLDER = "photos"
"""Where photos lie in the storage."""

GRACE = timedelta(hours=24)
"""A younger file may belong to a transaction that has not been committed yet."""

AT_ONCE = 1000
"""Files that one statement asks about."""


def names_of(photo: Photo) -> list[str | None]:
    """Return the files of a photo; None stands for a thumbnail that is not made."""
    return [photo.full_name, photo.thumb_name]


def delete_photos_of_proposal(session: Session, proposal_id: UUID) -> None:
    """Have the files of a proposal's photos deleted, whose rows go with the proposal's."""
    for photo in list_photos(session, proposal_id):
        delete_later(session, names_of(photo))


def delete_photos_of(session: Session, account_id: UUID, *, now: datetime) -> int:
    """Delete every photo that a person sent, whatever became of the proposal; return how many.

    For the erasure of an account; whoever calls locks and records what is erased besides.
    """
    photos = list_photos_of(session, account_id)
    for photo in photos:
        delete_later(session, names_of(photo))
        session.delete(photo)
    if photos:
        record(
            session,
            action="photo.erased",
            subject_type="account",
            subject_id=account_id,
            actor_id=account_id,
            now=now,
            data={"photos": len(photos)},
        )
    return len(photos)


def sweep_photos(unit: Unit, storage: Storage, *, now: datetime) -> int:
    """Delete the files that no photo refers to and return how many.

    They are left by transactions that were rolled back after the file was written. No transaction
    is open while the storage is listed.

    :param unit: opens a unit of work for some of the files.
    :param now: files younger than `GRACE` before it are left alone.
    """
    swept = 0
    for names in old_names(storage, FOLDER, now - GRACE):
        with unit() as session:
            strays = set(names) - known_names(session, names)
        delete_now(storage, strays)
        swept += len(strays)
    return swept


def old_names(storage: Storage, folder: str, until: datetime) -> Iterator[Sequence[str]]:
    """Yield the names of files in a folder that are older than a time, some at once."""
    old = (found.name for found in storage.list(folder) if found.modified_at < until)
    while names := list(islice(old, AT_ONCE)):
        yield names
