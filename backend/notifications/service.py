"""Owns the sending, listing and reading of notices."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.db import new_id
from backend.errors import NotFound
from backend.notifications.models import Notice
from backend.notifications.texts import render
from backend.pagination import Page, paginate


class NoticeNotFound(NotFound):
    """There is no such notice for this person."""

    code = "notice_not_found"
    ko = "알림을 찾을 수 없습니다."
    en = "There is no such notice."


def notify(
    session: Session,
    *,
    recipient_id: UUID,
    kind: str,
    subject_type: str,
    subject_id: UUID,
    params: Mapping[str, Any],
    now: datetime,
) -> Notice:
    """Tell a person something, in the same transaction as what happened.

    :param kind: a key of `texts.TEXTS`.
    :param params: values of the sentence; mappings with ``ko`` and ``en`` follow the reader.
    :raises KeyError: when the kind is unknown or a parameter of its sentences is missing.
    """
    for language in ("ko", "en"):
        render(kind, params, language)
    notice = Notice(
        id=new_id(),
        recipient_id=recipient_id,
        kind=kind,
        subject_type=subject_type,
        subject_id=subject_id,
        params=dict(params),
        created_at=now,
    )
    session.add(notice)
    return notice


def list_notices(
    session: Session, *, recipient_id: UUID, unread: bool, limit: int, after: str | None
) -> Page:
    """Return a person's notices, newest first.

    :param unread: only what was not read yet.
    """
    statement = select(Notice).where(Notice.recipient_id == recipient_id)
    if unread:
        statement = statement.where(Notice.read_at.is_(None))
    return paginate(session, statement, Notice.id, limit=limit, after=after, descending=True)


def mark_read(session: Session, *, recipient_id: UUID, notice_id: UUID, now: datetime) -> Notice:
    """Mark a notice as read; a second time changes nothing.

    :raises NoticeNotFound: when the person has no such notice.
    """
    notice = session.get(Notice, notice_id)
    if notice is None or notice.recipient_id != recipient_id:
        raise NoticeNotFound
    notice.read_at = notice.read_at or now
    session.flush()
    return notice


def list_notice_ids(
    session: Session, *, recipient_id: UUID, after: UUID | None, limit: int
) -> Sequence[UUID]:
    """Return which notices a person has, the oldest first.

    :param after: the last one that was read.
    """
    statement = select(Notice.id).where(Notice.recipient_id == recipient_id)
    if after is not None:
        statement = statement.where(Notice.id > after)
    return session.scalars(statement.order_by(Notice.id).limit(limit)).all()


def find_notices(
    session: Session, *, recipient_id: UUID, notice_ids: Collection[UUID]
) -> Mapping[UUID, Notice]:
    """Return those of some notices that a person has, by their ids."""
    statement = select(Notice).where(Notice.recipient_id == recipient_id, Notice.id.in_(notice_ids))
    return {notice.id: notice for notice in session.scalars(statement)}
