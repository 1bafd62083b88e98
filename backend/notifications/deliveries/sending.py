"""Owns one attempt at a delivery, from the claim to what came of it."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from backend.notifications.deliveries import claims, digests
from backend.notifications.deliveries.outcomes import Outcome
from backend.notifications.groups import Group
from backend.notifications.letters.sending import desk_of, send_letter
from backend.notifications.push.messages import Message
from backend.notifications.push.sending import send
from backend.notifications.push.vapid import load_key

Begin = Callable[[], AbstractContextManager[Session]]

NOT_URGENT = (Group.NEAR_ME, Group.MARKETING)
"""What may wait until a device is awake for another reason (RFC 8030, 5.3)."""


def deliver(
    begin: Begin, settings: Mapping[str, Any], delivery_id: UUID, now: Callable[[], datetime]
) -> None:
    """Send a delivery once, outside of any transaction, if it is still to be sent.

    :param begin: opens a unit of work.
    :param settings: the application's own.
    :param now: tells the time; sending takes some.
    """
    with begin() as session:
        parcel = claims.claim(session, delivery_id, now=now())
        if parcel is None:
            return
        attempt = _prepare(settings, parcel, now())
    outcome = attempt()
    with begin() as session:
        claims.settle(session, delivery_id, outcome, now=now())


def deliver_digest(
    begin: Begin, settings: Mapping[str, Any], account_id: UUID, now: Callable[[], datetime]
) -> None:
    """Send a person's digest once, if anything is left that was not read; as `deliver`."""
    with begin() as session:
        parcel = digests.claim_digest(session, account_id, now=now())
        if parcel is None:
            return
        letter = desk_of(settings).write_digest(
            parcel.notices,
            to=parcel.to,
            language=parcel.language,
            delivery_id=parcel.delivery_ids[0],
        )
    outcome = send_letter(settings, letter)
    with begin() as session:
        digests.settle_digest(session, parcel.delivery_ids, outcome, now=now())


def _prepare(
    settings: Mapping[str, Any], parcel: claims.Parcel, now: datetime
) -> Callable[[], Outcome]:
    """Return the attempt, which needs no row any more."""
    if isinstance(parcel, claims.LetterParcel):
        letter = desk_of(settings).write_notice(
            parcel.notice,
            to=parcel.to,
            language=parcel.language,
            delivery_id=parcel.delivery_id,
        )
        return lambda: send_letter(settings, letter)
    message = Message.about(
        parcel.notice,
        endpoint=parcel.endpoint,
        p256dh=parcel.p256dh,
        auth=parcel.auth,
        is_urgent=parcel.group not in NOT_URGENT,
    )
    key = load_key(settings["VAPID_PRIVATE_KEY"], settings["VAR_DIR"])
    return lambda: send(
        message,
        key=key,
        subject=settings["VAPID_SUBJECT"],
        services=settings["PUSH_SERVICES"],
        now=now,
    )
