"""Owns the thumbnails of photos, which a job makes after the photo is there."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from backend.files import sandbox
from backend.files.disposal import delete_later
from backend.files.images import SUFFIX
from backend.files.storage import Storage, new_name
from backend.jobs.outbox import defer
from backend.proposals.photos.disposal import FOLDER
from backend.proposals.photos.models import Photo
from backend.proposals.photos.queries import find_photo, lock_photo
from backend.proposals.queries import lock_proposal

TASK = "photos.make_thumbnail"


def make_thumbnail_later(session: Session, photo: Photo) -> None:
    """Have the thumbnail made once the session's transaction is committed."""
    defer(session, TASK, photo_id=photo.id)


def make_thumbnail(session: Session, storage: Storage, *, photo_id: UUID, now: datetime) -> None:
    """Make the thumbnail of a photo as it is now; one that is there already stays.

    A photo that has been deleted since needs none, one that was redacted meanwhile has a job of
    its own.
    """
    photo = find_photo(session, photo_id)
    if photo is None or photo.thumb_name is not None:
        return
    version, proposal_id = photo.version, photo.proposal_id
    picture = sandbox.shrink(storage.get(photo.full_name))
    name = new_name(FOLDER, SUFFIX)
    storage.put(name, picture.body)
    proposal = lock_proposal(session, proposal_id)
    photo = lock_photo(session, photo_id)
    if photo.version != version or photo.thumb_name is not None:
        delete_later(session, [name])
        return
    photo.thumb_name = name
    photo.thumb_sha256 = picture.sha256
    photo.thumb_bytes = len(picture.body)
    photo.thumb_width, photo.thumb_height = picture.width, picture.height
    proposal.updated_at = now
    session.flush()
