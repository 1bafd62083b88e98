"""Owns reading and storing people's choices."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from backend.audit.service import record
from backend.notifications.groups import Group
from backend.notifications.preferences.choices import (
    DEFAULT_GROUPS,
    DEFAULTS,
    Channels,
    Preferences,
)
from backend.notifications.preferences.models import NotificationPreference
from backend.notifications.timing import DigestTime, QuietHours


def get_preferences(session: Session, account_id: UUID) -> Preferences:
    """Return what a person chose, or the defaults."""
    return find_preferences(session, [account_id]).get(account_id, DEFAULTS)


def find_preferences(session: Session, account_ids: Collection[UUID]) -> Mapping[UUID, Preferences]:
    """Return the choices of those among some people who made any."""
    rows = session.scalars(
        select(NotificationPreference).where(NotificationPreference.account_id.in_(account_ids))
    )
    return {row.account_id: _read(row) for row in rows}


def set_preferences(
    session: Session, *, account_id: UUID, chosen: Preferences, now: datetime
) -> Preferences:
    """Store a person's choices in place of those before; what was sent before stays sent.

    :param chosen: complete.
    """
    quiet = chosen.quiet_hours
    values: dict[str, Any] = {
        "language": chosen.language,
        "quiet_from": quiet.starts if quiet else None,
        "quiet_until": quiet.ends if quiet else None,
        "digest_every": chosen.digest.every,
        "digest_hour": chosen.digest.hour,
        "digest_weekday": chosen.digest.weekday,
        "channels": {group.value: asdict(chosen.groups[group]) for group in Group},
        "updated_at": now,
    }
    statement = insert(NotificationPreference).values(account_id=account_id, **values)
    # Two devices may choose for the first time at the same moment.
    session.execute(
        statement.on_conflict_do_update(index_elements=["account_id"], set_=values),
        execution_options={"populate_existing": True},
    )
    record(
        session,
        action="notification_preferences.set",
        subject_type="account",
        subject_id=account_id,
        actor_id=account_id,
        now=now,
    )
    return chosen


def stop_letters(session: Session, *, account_id: UUID, group: Group, now: datetime) -> None:
    """Switch the e-mail of one group off, and nothing else; a second time changes nothing."""
    before = get_preferences(session, account_id)
    channels = before.groups[group]
    if channels.email == "off":
        return
    groups = {**before.groups, group: Channels(push=channels.push, email="off")}
    chosen = replace(before, groups=groups)
    set_preferences(session, account_id=account_id, chosen=chosen, now=now)


def _read(row: NotificationPreference) -> Preferences:
    quiet = None
    if row.quiet_from is not None and row.quiet_until is not None:
        quiet = QuietHours(row.quiet_from, row.quiet_until)
    groups = {
        group: Channels(**row.channels[group]) if group in row.channels else default
        for group, default in DEFAULT_GROUPS.items()
    }
    digest = DigestTime(row.digest_every, row.digest_hour, row.digest_weekday)
    return Preferences(row.language, quiet, digest, groups)
