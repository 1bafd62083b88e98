"""Owns telling those who follow a place of what happened there, some at a time."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from uuid import UUID

from sqlalchemy import Uuid, text
from sqlalchemy.orm import Session

from backend.notifications.areas.models import AreaEvent
from backend.notifications.service import notify_many
from geo.regions.codes import EMD_DIGITS, SIGUNGU_DIGITS

AT_ONCE = 500
"""People whom one transaction tells."""

FOLLOWERS = text("""
    WITH event AS (SELECT geom FROM area_event WHERE id = :event_id)
    SELECT s.account_id
    FROM event JOIN area_subscription s
      ON s.bounds && event.geom
     AND ST_DWithin(s.centre::geography, event.geom::geography, s.radius_m)
    WHERE NOT EXISTS (SELECT FROM notice n
                      WHERE n.subject_id = :subject_id AND n.recipient_id = s.account_id
                        AND n.created_at = :happened_at)
    UNION
    SELECT s.account_id
    FROM area_subscription s
    WHERE s.region_codes && CAST(:codes AS text[])
      AND NOT EXISTS (SELECT FROM notice n
                      WHERE n.subject_id = :subject_id AND n.recipient_id = s.account_id
                        AND n.created_at = :happened_at)
    LIMIT :most
""").columns(account_id=Uuid())
"""Who follows the place and was not told of the subject at the moment of the event."""


def tell_area(begin: Callable[[], AbstractContextManager[Session]], event_id: UUID) -> None:
    """Tell everybody who follows the place of an event, and forget the event.

    Run twice, it tells nobody twice: their notices say that they were told.

    :param begin: opens a unit of work.
    """
    told = AT_ONCE
    while told == AT_ONCE:
        with begin() as session:
            told = _tell_some(session, event_id)


def find_followers(session: Session, event: AreaEvent) -> Sequence[UUID]:
    """Return some of those who follow the place of an event and were not told yet."""
    return session.scalars(
        FOLLOWERS,
        {
            "event_id": event.id,
            "subject_id": event.subject_id,
            "happened_at": event.happened_at,
            "codes": [event.emd_code[:SIGUNGU_DIGITS], event.emd_code[:EMD_DIGITS]],
            "most": AT_ONCE,
        },
    ).all()


def _tell_some(session: Session, event_id: UUID) -> int:
    event = session.get(AreaEvent, event_id, with_for_update=True)
    if event is None:
        return 0
    followers = find_followers(session, event)
    notify_many(
        session,
        recipient_ids=followers,
        kind=event.kind,
        subject_type=event.subject_type,
        subject_id=event.subject_id,
        params=event.params,
        now=event.happened_at,
    )
    if len(followers) < AT_ONCE:
        session.delete(event)
    return len(followers)
