"""Owns by which channels a notice leaves the application, decided as it is written."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.accounts.models import Account
from backend.db import new_id
from backend.jobs.outbox import JobOrder, defer_many
from backend.notifications.groups import Group
from backend.notifications.letters.models import EmailConfirmation
from backend.notifications.preferences.choices import DEFAULTS, Preferences
from backend.notifications.preferences.service import find_preferences
from backend.notifications.push.models import PushSubscription
from backend.notifications.timing import push_due_at

TASK = "notifications.deliver"


@dataclass(frozen=True, slots=True)
class Reach:
    """Where somebody can be reached.

    :param devices: ids of push subscriptions.
    :param email: the address of the account, None while it is not confirmed.
    """

    devices: Sequence[UUID]
    email: str | None
    preferences: Preferences


def find_reach(session: Session, account_ids: Collection[UUID]) -> Mapping[UUID, Reach]:
    """Return where those of some people can be reached who can be at all, in two statements."""
    devices = (
        select(func.array_agg(PushSubscription.id))
        .where(PushSubscription.account_id == Account.id)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Account.id, devices, EmailConfirmation.email)
        .outerjoin(
            EmailConfirmation,
            (EmailConfirmation.account_id == Account.id)
            & (EmailConfirmation.email == Account.email)
            & EmailConfirmation.confirmed_at.is_not(None),
        )
        .where(Account.id.in_(account_ids), Account.disabled_at.is_(None))
    ).all()
    found = {row[0]: row for row in rows if row[1] or row[2]}
    chosen = find_preferences(session, found) if found else {}
    return {
        account_id: Reach(row[1] or (), row[2], chosen.get(account_id, DEFAULTS))
        for account_id, row in found.items()
    }


def plan(
    *, notice_id: UUID, recipient_id: UUID, group: Group, reach: Reach, now: datetime
) -> Iterator[dict[str, Any]]:
    """Yield the values of the deliveries that a person's choices ask for."""
    channels = reach.preferences.groups[group]
    about = {"notice_id": notice_id, "recipient_id": recipient_id}
    if channels.push and reach.devices:
        due_at = push_due_at(
            now, reach.preferences.quiet_hours, advertises=group is Group.MARKETING
        )
        for device in reach.devices if due_at else ():
            yield about | _planned("push", due_at, device)
    if reach.email and channels.email == "immediate":
        yield about | _planned("email", now)
    if reach.email and channels.email == "digest":
        yield about | _planned("digest", reach.preferences.digest.next_after(now))


def queue(session: Session, deliveries: Sequence[Mapping[str, Any]], *, now: datetime) -> None:
    """Queue the sending of deliveries at their times; digests are gathered by their own task."""
    defer_many(
        session,
        TASK,
        [
            JobOrder(
                {"delivery_id": planned["id"]},
                dedup_key=f"{TASK}:{planned['id']}",
                run_at=planned["due_at"] if planned["due_at"] > now else None,
            )
            for planned in deliveries
            if planned["channel"] != "digest"
        ],
    )


def _planned(channel: str, due_at: datetime | None, device: UUID | None = None) -> dict[str, Any]:
    return {
        "id": new_id(),
        "channel": channel,
        "due_at": due_at,
        "push_subscription_id": device,
    }
