"""Owns how photos are read."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.errors import NotFound
from backend.proposals.photos.models import Photo, PhotoFile


class PhotoNotFound(NotFound):
    """There is no such photo, or the caller may not know that there is."""

    code = "photo_not_found"
    ko = "사진을 찾을 수 없습니다."
    en = "There is no such photo."


class PhotoSizeNotFound(NotFound):
    """The photo is there, but not in this size or not in this version any more."""

    code = "photo_size_not_found"
    ko = "이 크기의 사진이 아직 없거나, 사진이 바뀌었습니다. 제안을 다시 읽어 주세요."
    en = "This size is not there yet, or the photo has changed. Read the proposal again."


def find_photo(session: Session, photo_id: UUID) -> Photo | None:
    """Return a photo, if there is one."""
    return session.get(Photo, photo_id)


def get_photo(session: Session, photo_id: UUID) -> Photo:
    """Return a photo.

    :raises PhotoNotFound: when there is none.
    """
    photo = find_photo(session, photo_id)
    if photo is None:
        raise PhotoNotFound
    return photo


def lock_photo(session: Session, photo_id: UUID) -> Photo:
    """Return a photo as it is now, locked until the transaction ends.

    :raises PhotoNotFound: when there is none.
    """
    photo = session.scalar(
        select(Photo)
        .where(Photo.id == photo_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    if photo is None:
        raise PhotoNotFound
    return photo


def get_file(photo: Photo, size: str, version: int | None) -> PhotoFile:
    """Return one size of a photo.

    :param version: that the caller knows of; None takes the present one.
    :raises PhotoSizeNotFound: when the size is not made yet, or the version is a past one.
    """
    found = photo.full if size == "full" else photo.thumb
    if found is None or version not in (None, found.version):
        raise PhotoSizeNotFound
    return found


def list_photos(session: Session, proposal_id: UUID) -> list[Photo]:
    """Return the photos of a proposal in their order."""
    statement = select(Photo).where(Photo.proposal_id == proposal_id)
    return list(session.scalars(statement.order_by(Photo.position)))


def count_photos(session: Session, proposal_id: UUID) -> int:
    """Return how many photos a proposal has."""
    statement = select(func.count()).select_from(Photo).where(Photo.proposal_id == proposal_id)
    return session.scalar(statement) or 0


def list_photos_of(session: Session, account_id: UUID) -> list[Photo]:
    """Return every photo that a person sent."""
    statement = select(Photo).where(Photo.author_id == account_id)
    return list(session.scalars(statement.order_by(Photo.id)))


def known_names(session: Session, names: Collection[str]) -> set[str]:
    """Return those of some names of files that a photo refers to."""
    full = select(Photo.full_name).where(Photo.full_name.in_(names))
    thumb = select(Photo.thumb_name).where(Photo.thumb_name.in_(names))
    return {name for name in session.scalars(full.union(thumb)) if name is not None}
