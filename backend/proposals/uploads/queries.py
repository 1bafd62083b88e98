"""Owns how uploads are read."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.errors import NotFound
from backend.proposals.uploads.models import Upload


class UploadNotFound(NotFound):
    """There is no such upload any more, or it is somebody else's."""

    code = "upload_not_found"
    ko = "올리던 파일이 없습니다. 기한이 지났으면 처음부터 다시 올려 주세요."
    en = "There is no such upload. If its time has run out, begin anew."


def get_upload(session: Session, upload_id: UUID, *, now: datetime) -> Upload:
    """Return an upload whose time has not run out.

    :raises UploadNotFound: when there is none.
    """
    upload = session.get(Upload, upload_id)
    if upload is None or upload.expires_at <= now:
        raise UploadNotFound
    return upload


def lock_upload(session: Session, upload_id: UUID, *, now: datetime) -> Upload:
    """Return an upload as it is now, locked until the transaction ends.

    :raises UploadNotFound: when there is none.
    """
    upload = session.scalar(
        select(Upload)
        .where(Upload.id == upload_id, Upload.expires_at > now)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if upload is None:
        raise UploadNotFound
    return upload


def count_open(session: Session, account_id: UUID, *, now: datetime) -> int:
    """Return how many files of a person are on their way."""
    statement = (
        select(func.count())
        .select_from(Upload)
        .where(
            Upload.account_id == account_id,
            Upload.completed_at.is_(None),
            Upload.expires_at > now,
        )
    )
    return session.scalar(statement) or 0


def list_uploads_of(session: Session, account_id: UUID) -> list[Upload]:
    """Return every upload of a person."""
    return list(session.scalars(select(Upload).where(Upload.account_id == account_id)))


def list_uploads_for(session: Session, proposal_id: UUID) -> list[Upload]:
    """Return every upload of a photo for a proposal."""
    return list(session.scalars(select(Upload).where(Upload.proposal_id == proposal_id)))


def list_expired(session: Session, *, now: datetime, limit: int) -> list[Upload]:
    """Return some uploads whose time has run out, locked; those at work are left out."""
    statement = (
        select(Upload)
        .where(Upload.expires_at <= now)
        .order_by(Upload.expires_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return list(session.scalars(statement))


def known_folders(session: Session, folders: Collection[str]) -> set[str]:
    """Return those of some folders that an upload refers to."""
    return set(session.scalars(select(Upload.folder).where(Upload.folder.in_(folders))))
