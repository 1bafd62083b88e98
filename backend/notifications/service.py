"""Owns the sending, listing and reading of notices."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from backend.db import new_id
from backend.errors import NotFound
from backend.notifications.deliveries.models import Delivery
from backend.notifications.deliveries.planning import find_reach, plan, queue
from backend.notifications.groups import GROUP_OF
from backend.notifications.models import Notice
from backend.notifications.texts import render
from backend.pagination import Page, paginate
from backend.translations import LANGUAGES

MOST_COUNTED = 99
"""Unread notices are counted up to here: a badge says 99+."""


class NoticeNotFound(NotFound):
    """There is no such notice for this person."""

    code = "notice_not_found"
    ko = "알림을 찾을 수 없습니다."
    en = "There is no such notice."


@dataclass(frozen=True, slots=True)
class UnreadCount:
    """How many notices were not read.

    :param more: whether there are more than were counted.
    """

    count: int
    more: bool


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

    The notice stands in the person's list; what else they chose is sent after the commit.

    :param kind: a key of `texts.TEXTS`.
    :param params: values of the sentence; mappings with ``ko`` and ``en`` follow the reader.
    :raises KeyError: when the kind is unknown or a parameter of its sentences is missing.
    """
    _check(kind, params)
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
    # The sender may be half-way through its own rows.
    with session.no_autoflush:
        reach = find_reach(session, [recipient_id]).get(recipient_id)
        if reach is not None:
            planned = list(
                plan(
                    notice_id=notice.id,
                    recipient_id=recipient_id,
                    group=GROUP_OF[kind],
                    reach=reach,
                    now=now,
                )
            )
            session.add_all(Delivery(**values, notice=notice) for values in planned)
            queue(session, planned, now=now)
    return notice


def notify_many(
    session: Session,
    *,
    recipient_ids: Collection[UUID],
    kind: str,
    subject_type: str,
    subject_id: UUID,
    params: Mapping[str, Any],
    now: datetime,
) -> None:
    """Tell several people the same, in a few statements however many they are.

    Takes and raises what `notify` does; what the session holds is flushed first.
    """
    _check(kind, params)
    if not recipient_ids:
        return
    told = {recipient_id: new_id() for recipient_id in dict.fromkeys(recipient_ids)}
    common = {
        "kind": kind,
        "subject_type": subject_type,
        "subject_id": subject_id,
        "params": dict(params),
        "created_at": now,
    }
    session.execute(
        insert(Notice),
        [
            {"id": notice_id, "recipient_id": recipient_id, **common}
            for recipient_id, notice_id in told.items()
        ],
    )
    planned = [
        values
        for recipient_id, reach in find_reach(session, told).items()
        for values in plan(
            notice_id=told[recipient_id],
            recipient_id=recipient_id,
            group=GROUP_OF[kind],
            reach=reach,
            now=now,
        )
    ]
    if planned:
        # Left out where they are None, columns would make a statement of every other row.
        session.execute(insert(Delivery), planned, execution_options={"render_nulls": True})
        queue(session, planned, now=now)


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


def count_unread(session: Session, *, recipient_id: UUID) -> UnreadCount:
    """Return how many notices a person has not read, counting no further than a badge shows."""
    some = (
        select(Notice.id)
        .where(Notice.recipient_id == recipient_id, Notice.read_at.is_(None))
        .limit(MOST_COUNTED + 1)
        .subquery()
    )
    found = session.scalar(select(func.count()).select_from(some)) or 0
    return UnreadCount(min(found, MOST_COUNTED), found > MOST_COUNTED)


def mark_read(session: Session, *, recipient_id: UUID, notice_id: UUID, now: datetime) -> Notice:
    """Mark a notice as read; a second time changes nothing.

    :raises NoticeNotFound: when the person has no such notice.
    """
    notice = _get(session, recipient_id, notice_id)
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


def mark_all_read(
    session: Session, *, recipient_id: UUID, up_to: UUID, now: datetime
) -> UnreadCount:
    """Mark a notice and all before it as read, and return what is left.

    :param up_to: the newest one that the person has seen; what came since stays unread.
    :raises NoticeNotFound: when the person has no such notice.
    """
    notice = _get(session, recipient_id, up_to)
    session.execute(
        update(Notice)
        .where(
            Notice.recipient_id == recipient_id, Notice.id <= notice.id, Notice.read_at.is_(None)
        )
        .values(read_at=now)
    )
    return count_unread(session, recipient_id=recipient_id)


def _get(session: Session, recipient_id: UUID, notice_id: UUID) -> Notice:
    notice = session.get(Notice, notice_id)
    if notice is None or notice.recipient_id != recipient_id:
        raise NoticeNotFound
    return notice


def _check(kind: str, params: Mapping[str, Any]) -> None:
    for language in LANGUAGES:
        render(kind, params, language)
