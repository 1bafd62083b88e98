"""Owns the thumbnails of photos, which a job makes after the photo is there."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from backend.files import sandbox
from backend.files.images import SUFFIX
from backend.files.storage import Storage, new_name
from backend.jobs.outbox import defer
from backend.proposals.photos.disposal import FOLDER, Unit
from backend.proposals.photos.models import Photo
from backend.proposals.photos.queries import find_photo, lock_photo
from backend.proposals.queries import lock_proposal

TASK = "photos.make_thumbnail"


def make_thumbnail_later(session: Session, photo: Photo) -> None:
    """Have the thumbnail made once the session's transaction is committed."""
    defer(session, TASK, photo_id=photo.id)


def make_thumbnail(unit: Unit, storage: Storage, *, photo_id: UUID, now: datetime) -> None:
    """Make the thumbnail of a photo as it is now; one that is there already stays.

    A photo that has been deleted since needs none, one that was redacted meanwhile has a job of
    its own. No transaction is open while the picture is read.

    :param unit: opens a unit of work for one step.
    :raises FileMissing: when the photo was redacted at this moment; the next try finds it so.
    """
    with unit() as session:
        photo = find_photo(session, photo_id)
        if photo is None or photo.thumb_name is not None:
            return
        version, full_name = photo.version, photo.full_name
    picture = sandbox.shrink(storage.get(full_name))
    with unit() as session:
        photo = find_photo(session, photo_id)
        if photo is None:
            return
        proposal = lock_proposal(session, photo.proposal_id)
        photo = lock_photo(session, photo_id)
        if photo.version != version or photo.thumb_name is not None:
            return
        photo.thumb_name = new_name(FOLDER, SUFFIX)
        storage.put(photo.thumb_name, picture.body)
        photo.thumb_sha256 = picture.sha256
        photo.thumb_bytes = len(picture.body)
        photo.thumb_width, photo.thumb_height = picture.width, picture.height
        proposal.updated_at = now
