"""Owns what an author does with photos: adding, describing, ordering, deleting."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from backend.audit.service import record
from backend.db import new_id
from backend.errors import Conflict, TooLarge
from backend.files import sandbox
from backend.files.disposal import delete_later
from backend.files.images import SUFFIX, Picture
from backend.files.storage import Storage, new_name
from backend.proposals.drafts import IdTaken, NotEditable
from backend.proposals.models import Proposal
from backend.proposals.photos.disposal import FOLDER, names_of
from backend.proposals.photos.models import Photo
from backend.proposals.photos.queries import count_photos, get_photo, list_photos, lock_photo
from backend.proposals.photos.thumbnails import make_thumbnail_later
from backend.proposals.queries import get_proposal, lock_proposal
from backend.proposals.states import EDITABLE

MOST_PHOTOS = 5
"""Of one proposal."""

MOST_BYTES = 10 * 1024 * 1024
"""Of the file that is sent."""

TEXTS = ("alt", "caption")
"""What an author may write about a photo."""


class PhotoTooLarge(TooLarge):
    """The file is larger than a photo may be."""

    code = "photo_too_large"
    ko = "사진 파일이 너무 큽니다. {megabytes}MB까지 받습니다."
    en = "The photo file is too large. Up to {megabytes} MB are accepted."


class PhotosFull(Conflict):
    """The proposal has as many photos as it may have."""

    code = "photos_full"
    ko = "사진은 {most}장까지 붙일 수 있습니다. 한 장을 지운 뒤에 올려 주세요."
    en = "A proposal takes up to {most} photos. Delete one first."


class PhotosChanged(Conflict):
    """An order has to name every photo that there is, and each once."""

    code = "photos_changed"
    ko = "그사이에 사진이 바뀌었습니다. 다시 읽은 뒤에 순서를 정해 주세요."
    en = "The photos have changed in the meantime. Read them again, then set the order."


def check_room(session: Session, proposal: Proposal) -> None:
    """See that a proposal takes one more photo.

    :raises NotEditable: when it is under review or decided.
    :raises PhotosFull: when it has `MOST_PHOTOS`.
    """
    if proposal.status not in EDITABLE:
        raise NotEditable
    if count_photos(session, proposal.id) >= MOST_PHOTOS:
        raise PhotosFull(most=MOST_PHOTOS)


def add_photo(
    session: Session,
    storage: Storage,
    *,
    proposal_id: UUID,
    author_id: UUID,
    body: bytes,
    now: datetime,
    id: UUID | None = None,  # noqa: A002 (the client's name for it)
    alt: str | None = None,
    caption: str | None = None,
) -> tuple[Photo, bool]:
    """Put a photo last among those of a proposal; return it and whether it is new.

    Nothing of the file is kept but its pixels. The proposal is locked only once they are read, so
    that photos sent at the same time are read side by side.

    :param body: the file as it was sent.
    :param id: chosen by the client, so that the request can be repeated.
    :param alt: what is to be seen, for those who cannot see it.
    :raises ProposalNotFound: when there is none.
    :raises NotEditable, PhotosFull: when the proposal takes no more photos.
    :raises PhotoTooLarge: when the file is larger than `MOST_BYTES`.
    :raises PictureUnreadable, PictureTooManyPixels, PictureTooSmall: when it is no photo.
    :raises IdTaken: when the id belongs to another photo.
    """
    photo_id = id or new_id()
    sent = _find_sent(session, photo_id, proposal_id, author_id)
    if sent is not None:
        return sent, False
    check_room(session, get_proposal(session, proposal_id))
    if len(body) > MOST_BYTES:
        raise PhotoTooLarge(megabytes=MOST_BYTES // 1024**2)
    picture = sandbox.clean(body)
    proposal = lock_proposal(session, proposal_id)
    sent = _find_sent(session, photo_id, proposal_id, author_id)
    if sent is not None:
        return sent, False
    check_room(session, proposal)
    name = new_name(FOLDER, SUFFIX)
    storage.put(name, picture.body)
    photo = _new_photo(session, proposal_id, name, picture)
    photo.id, photo.author_id, photo.alt, photo.caption = photo_id, author_id, alt, caption
    photo.created_at = proposal.updated_at = now
    session.add(photo)
    session.flush()
    make_thumbnail_later(session, photo)
    _record(session, "photo.added", photo, author_id, now)
    return photo, True


def describe_photo(
    session: Session,
    *,
    photo_id: UUID,
    actor_id: UUID,
    changes: Mapping[str, str | None],
    now: datetime,
) -> Photo:
    """Change what is written about a photo.

    :param changes: any of `TEXTS`; what is absent stays.
    :raises PhotoNotFound: when there is none.
    :raises NotEditable: when the proposal is under review or decided.
    """
    photo, proposal = _lock_editable(session, photo_id)
    for name in TEXTS:
        if name in changes:
            setattr(photo, name, changes[name])
    proposal.updated_at = now
    _record(session, "photo.described", photo, actor_id, now)
    return photo


def order_photos(
    session: Session,
    *,
    proposal_id: UUID,
    actor_id: UUID,
    photo_ids: Sequence[UUID],
    now: datetime,
) -> list[Photo]:
    """Put the photos of a proposal in an order; the first stands for the proposal.

    :param photo_ids: all of them, each once.
    :raises ProposalNotFound: when there is none.
    :raises NotEditable: when it is under review or decided.
    :raises PhotosChanged: when the ids are not those of its photos.
    """
    proposal = lock_proposal(session, proposal_id)
    if proposal.status not in EDITABLE:
        raise NotEditable
    photos = {photo.id: photo for photo in list_photos(session, proposal_id)}
    if sorted(photo_ids) != sorted(photos):
        raise PhotosChanged(field="json.photo_ids")
    for position, photo_id in enumerate(photo_ids):
        photos[photo_id].position = position
    proposal.updated_at = now
    record(
        session,
        action="photo.ordered",
        subject_type="proposal",
        subject_id=proposal_id,
        actor_id=actor_id,
        now=now,
    )
    return [photos[photo_id] for photo_id in photo_ids]


def delete_photo(session: Session, *, photo_id: UUID, actor_id: UUID, now: datetime) -> None:
    """Delete a photo with its files.

    :raises PhotoNotFound: when there is none.
    :raises NotEditable: when the proposal is under review or decided.
    """
    photo, proposal = _lock_editable(session, photo_id)
    delete_later(session, names_of(photo))
    session.delete(photo)
    proposal.updated_at = now
    _record(session, "photo.deleted", photo, actor_id, now)


def _find_sent(
    session: Session, photo_id: UUID, proposal_id: UUID, author_id: UUID
) -> Photo | None:
    photo = session.get(Photo, photo_id)
    if photo is not None and (photo.proposal_id, photo.author_id) != (proposal_id, author_id):
        raise IdTaken(field="form.id")
    return photo


def _new_photo(session: Session, proposal_id: UUID, name: str, picture: Picture) -> Photo:
    last = max((photo.position for photo in list_photos(session, proposal_id)), default=-1)
    return Photo(
        proposal_id=proposal_id,
        position=last + 1,
        full_name=name,
        full_sha256=picture.sha256,
        full_bytes=len(picture.body),
        full_width=picture.width,
        full_height=picture.height,
    )


def _lock_editable(session: Session, photo_id: UUID) -> tuple[Photo, Proposal]:
    """Return a photo and its proposal, which is locked: every change of photos queues there."""
    proposal = lock_proposal(session, get_photo(session, photo_id).proposal_id)
    if proposal.status not in EDITABLE:
        raise NotEditable
    return lock_photo(session, photo_id), proposal


def _record(session: Session, action: str, photo: Photo, actor_id: UUID, now: datetime) -> None:
    record(
        session,
        action=action,
        subject_type="photo",
        subject_id=photo.id,
        actor_id=actor_id,
        now=now,
        data={"proposal": str(photo.proposal_id)},
    )
