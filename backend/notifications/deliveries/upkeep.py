"""Owns what keeps the outbox whole and small: lost jobs queued again, old rows cleared."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from backend.jobs.outbox import defer
from backend.notifications.deliveries.models import Delivery
from backend.notifications.deliveries.planning import TASK

OVERDUE = timedelta(minutes=15)
"""A job that has not come by then has failed for good, as with a database that was away."""

KEPT_FOR = timedelta(days=30)
AT_ONCE = 2_000


def queue_overdue(session: Session, *, now: datetime) -> int:
    """Queue deliveries whose job was lost, and return how many."""
    overdue = session.scalars(
        select(Delivery.id)
        .where(
            Delivery.channel != "digest",
            Delivery.ended_at.is_(None),
            Delivery.due_at <= now - OVERDUE,
        )
        .order_by(Delivery.due_at, Delivery.id)
        .limit(AT_ONCE)
    ).all()
    queued = [
        defer(session, TASK, dedup_key=f"{TASK}:{delivery_id}", delivery_id=delivery_id)
        for delivery_id in overdue
    ]
    return sum(job is not None for job in queued)


def clear_ended(session: Session, *, now: datetime) -> int:
    """Delete some of the deliveries that ended long ago, and return how many."""
    old: Any = (
        select(Delivery.id)
        .where(Delivery.ended_at <= now - KEPT_FOR)
        .order_by(Delivery.ended_at)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    cleared = session.execute(delete(Delivery).where(Delivery.id.in_(old)).returning(Delivery.id))
    return len(cleared.all())
