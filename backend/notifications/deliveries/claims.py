"""Owns taking a delivery in hand, and putting down what came of it; sends nothing.

Claimed, sent, settled: the sending lies between two transactions. A worker that is killed before it
settles leaves the claim; the next attempt sends again under the same topic or message id, by which
the device or the mail program knows it as the same.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from backend.accounts.queries import find_open_sign_in
from backend.jobs.outbox import defer
from backend.jobs.sweeper import STALLED_AFTER_S
from backend.notifications.deliveries.models import Delivery
from backend.notifications.deliveries.outcomes import Outcome
from backend.notifications.deliveries.planning import TASK, find_reach
from backend.notifications.groups import GROUP_OF, Group
from backend.notifications.models import Notice
from backend.notifications.preferences.service import get_preferences
from backend.notifications.push.models import PushSubscription
from backend.notifications.timing import push_due_at

MOST_ATTEMPTS = 10
FIRST_WAIT_S = 60
LONGEST_WAIT_S = 6 * 3600

CLAIM = timedelta(seconds=STALLED_AFTER_S)
"""How long a claim holds; the jobs of a dead worker do not come back sooner."""

SKEW = timedelta(minutes=1)
"""By how much the clocks of the queue and of the application may differ."""


@dataclass(frozen=True, slots=True)
class PushParcel:
    """What is needed to ring one device."""

    delivery_id: UUID
    notice: Notice
    group: Group
    endpoint: str
    p256dh: str
    auth: str


@dataclass(frozen=True, slots=True)
class LetterParcel:
    """What is needed to write one letter."""

    delivery_id: UUID
    notice: Notice
    to: str
    language: str


Parcel = PushParcel | LetterParcel


def claim(session: Session, delivery_id: UUID, *, now: datetime) -> Parcel | None:
    """Take a delivery in hand until `CLAIM` is over; None where there is nothing to send.

    That is when it has ended, is not due, is in other hands, was read meanwhile, or is not wanted
    any more.
    """
    delivery = session.scalar(
        select(Delivery)
        .where(Delivery.id == delivery_id)
        .options(joinedload(Delivery.notice))
        .with_for_update(skip_locked=True, of=Delivery)
        .execution_options(populate_existing=True)
    )
    if delivery is None or delivery.ended_at is not None or delivery.channel == "digest":
        return None
    if delivery.due_at > now + SKEW or is_held(delivery, now):
        return None
    parcel = _pack(session, delivery) if delivery.attempts < MOST_ATTEMPTS else None
    if parcel is None:
        end(delivery, "skipped" if delivery.attempts < MOST_ATTEMPTS else "failed", now)
        return None
    hold(delivery, now)
    return parcel


def settle(session: Session, delivery_id: UUID, outcome: Outcome, *, now: datetime) -> None:
    """Put down what came of an attempt, and queue the next one if there is to be one.

    An address at which nobody is any more is forgotten.
    """
    delivery = session.get(Delivery, delivery_id, with_for_update=True, populate_existing=True)
    if delivery is None or delivery.state != "sending":
        return
    if outcome.gone and delivery.push_subscription_id is not None:
        # All that waits for the device goes with its subscription.
        session.delete(session.get_one(PushSubscription, delivery.push_subscription_id))
        return
    close(delivery, outcome, now)
    if delivery.state != "pending":
        return
    if delivery.channel == "push":
        quiet = get_preferences(session, delivery.recipient_id).quiet_hours
        # What advertises waits for the morning again.
        is_ad = _group_of(session, delivery) is Group.MARKETING
        delivery.due_at = push_due_at(delivery.due_at, quiet, advertises=is_ad) or delivery.due_at
    defer(
        session,
        TASK,
        dedup_key=f"{TASK}:{delivery.id}",
        run_at=delivery.due_at,
        delivery_id=delivery.id,
    )


def is_held(delivery: Delivery, now: datetime) -> bool:
    """Tell whether a delivery is in somebody's hands."""
    return delivery.claimed_at is not None and now < delivery.claimed_at + CLAIM


def hold(delivery: Delivery, now: datetime) -> None:
    """Put a delivery into the caller's hands."""
    delivery.state, delivery.claimed_at = "sending", now
    delivery.attempts += 1


def end(delivery: Delivery, state: str, now: datetime, error: str | None = None) -> None:
    """End a delivery as ``sent``, ``failed`` or ``skipped``."""
    delivery.state, delivery.ended_at, delivery.claimed_at = state, now, None
    delivery.last_error = error or delivery.last_error


def close(delivery: Delivery, outcome: Outcome, now: datetime) -> None:
    """End a delivery as an attempt did, or let it wait for the next one."""
    if outcome.result != "again" or delivery.attempts >= MOST_ATTEMPTS:
        end(delivery, "sent" if outcome.result == "sent" else "failed", now, outcome.code)
        return
    delivery.state, delivery.claimed_at, delivery.last_error = "pending", None, outcome.code
    delivery.due_at = now + timedelta(seconds=outcome.wait_s or wait_s(delivery.attempts))


def wait_s(attempts: int) -> int:
    """Return the seconds to wait after the last of some attempts failed."""
    return min(FIRST_WAIT_S << (attempts - 1), LONGEST_WAIT_S)


def _pack(session: Session, delivery: Delivery) -> Parcel | None:
    notice = delivery.notice
    group = GROUP_OF[notice.kind]
    reach = find_reach(session, [delivery.recipient_id]).get(delivery.recipient_id)
    if notice.read_at is not None or reach is None:
        return None
    wanted = reach.preferences.groups[group]
    if delivery.push_subscription_id is not None:
        device = session.get_one(PushSubscription, delivery.push_subscription_id)
        if not wanted.push or _is_signed_out(session, device):
            return None
        return PushParcel(delivery.id, notice, group, device.endpoint, device.p256dh, device.auth)
    if reach.email is None or wanted.email != "immediate":
        return None
    return LetterParcel(delivery.id, notice, reach.email, reach.preferences.language)


def _group_of(session: Session, delivery: Delivery) -> Group:
    return GROUP_OF[session.get_one(Notice, delivery.notice_id).kind]


def _is_signed_out(session: Session, device: PushSubscription) -> bool:
    """Tell whether nobody is signed in any more on a device that was named with its endpoint."""
    if device.device_id is None:
        return False
    return find_open_sign_in(session, device.account_id, device.device_id) is None
