"""Owns the digest: one letter a day or a week to a person with what was not read, or none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from backend.jobs.outbox import defer
from backend.notifications.deliveries.claims import MOST_ATTEMPTS, close, end, hold, is_held
from backend.notifications.deliveries.models import Delivery
from backend.notifications.deliveries.outcomes import Outcome
from backend.notifications.deliveries.planning import find_reach
from backend.notifications.groups import GROUP_OF
from backend.notifications.models import Notice

TASK = "notifications.send_digest"

MOST_AT_ONCE = 1_000
"""Rows that one transaction looks at; what is left has its turn with the next."""


@dataclass(frozen=True, slots=True)
class DigestParcel:
    """What is needed to write one digest.

    :param delivery_ids: of the notices, and the first one names the letter.
    :param notices: newest first.
    """

    delivery_ids: Sequence[UUID]
    notices: Sequence[Notice]
    to: str
    language: str


def queue_due_digests(session: Session, *, now: datetime) -> int:
    """Queue a letter for everybody whose digest is due, and return for how many."""
    due = (
        select(Delivery.recipient_id)
        .where(Delivery.channel == "digest", Delivery.ended_at.is_(None), Delivery.due_at <= now)
        .order_by(Delivery.due_at, Delivery.id)
        .limit(MOST_AT_ONCE)
    )
    people = list(dict.fromkeys(session.scalars(due)))
    for account_id in people:
        defer(session, TASK, dedup_key=f"{TASK}:{account_id}", account_id=account_id)
    return len(people)


def claim_digest(session: Session, account_id: UUID, *, now: datetime) -> DigestParcel | None:
    """Take all that is due to a person in hand; None where nothing is left to be told."""
    due = session.scalars(
        select(Delivery)
        .where(
            Delivery.recipient_id == account_id,
            Delivery.channel == "digest",
            Delivery.ended_at.is_(None),
            Delivery.due_at <= now,
        )
        .options(joinedload(Delivery.notice))
        .order_by(Delivery.id)
        .limit(MOST_AT_ONCE)
        .with_for_update(skip_locked=True, of=Delivery)
        .execution_options(populate_existing=True)
    ).all()
    reach = find_reach(session, [account_id]).get(account_id)
    if not due or any(is_held(delivery, now) for delivery in due):
        return None
    told = []
    for delivery in due:
        notice = delivery.notice
        is_wanted = (
            reach is not None
            and reach.email is not None
            and reach.preferences.groups[GROUP_OF[notice.kind]].email == "digest"
        )
        if notice.read_at is not None or not is_wanted:
            end(delivery, "skipped", now)
        elif delivery.attempts >= MOST_ATTEMPTS:
            end(delivery, "failed", now)
        else:
            hold(delivery, now)
            told.append(delivery)
    if not told or reach is None or reach.email is None:
        return None
    return DigestParcel(
        delivery_ids=[delivery.id for delivery in told],
        notices=[delivery.notice for delivery in reversed(told)],
        to=reach.email,
        language=reach.preferences.language,
    )


def settle_digest(
    session: Session, delivery_ids: Sequence[UUID], outcome: Outcome, *, now: datetime
) -> None:
    """Put down what came of a letter; the next gathering tries again what is to be tried again."""
    rows = session.scalars(
        select(Delivery)
        .where(Delivery.id.in_(delivery_ids), Delivery.state == "sending")
        .order_by(Delivery.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    for delivery in rows:
        close(delivery, outcome, now)
