"""Owns the rules of push subscriptions: whose device takes messages where."""

import base64
import binascii
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.accounts.queries import lock_account
from backend.audit.service import record
from backend.db import conflict_on, new_id
from backend.errors import Conflict, Invalid, NotFound
from backend.notifications.push.endpoints import EndpointRefused, read_endpoint
from backend.notifications.push.models import PushSubscription

MOST_SUBSCRIPTIONS = 10
"""Of one person; the oldest goes when one more comes, because browsers forget without a word."""

AUTH_BYTES = 16


class PushEndpointRefused(Invalid):
    """Messages are sent to known push services only."""

    code = "push_endpoint_refused"
    ko = "이 푸시 서비스 주소로는 보낼 수 없습니다."
    en = "This is no address of a push service that messages are sent to."


class PushKeyInvalid(Invalid):
    """The keys are not what RFC 8291 asks for."""

    code = "push_key_invalid"
    ko = "푸시 구독의 키가 올바르지 않습니다."
    en = "The keys of the push subscription are not valid."


class PushEndpointTaken(Conflict):
    """Somebody else subscribes the same device at this moment."""

    code = "push_endpoint_taken"
    ko = "같은 기기의 다른 구독과 겹쳤습니다. 다시 시도해 주세요."
    en = "The same device is being subscribed by another request. Try again."


class PushSubscriptionNotFound(NotFound):
    """The person has no such subscription."""

    code = "push_subscription_not_found"
    ko = "푸시 구독을 찾을 수 없습니다."
    en = "There is no such push subscription."


def subscribe(
    session: Session,
    *,
    account_id: UUID,
    endpoint: str,
    p256dh: str,
    auth: str,
    device_id: UUID | None,
    services: Sequence[str],
    now: datetime,
) -> PushSubscription:
    """Have a device take messages for a person, and for nobody else any more.

    The same subscription again changes nothing.

    :param p256dh: base64url of the device's public key.
    :param auth: base64url of its secret.
    :param services: where messages may be sent to (`endpoints.read_endpoint`).
    :raises PushEndpointRefused: when it is an address of something else.
    :raises PushKeyInvalid: when a key is none.
    :raises PushEndpointTaken: when another request subscribes the device at this moment.
    """
    try:
        read_endpoint(endpoint, services)
    except EndpointRefused as exc:
        raise PushEndpointRefused(field="json.endpoint") from exc
    _check_keys(p256dh, auth)
    lock_account(session, account_id)
    present = session.scalar(
        select(PushSubscription).where(PushSubscription.endpoint == endpoint).with_for_update()
    )
    if present is not None and _is_same(present, account_id, p256dh, auth, device_id):
        return present
    if present is not None:
        # Another row, so that what waits for whoever had the device before goes with the old one.
        session.delete(present)
        session.flush()
    subscription = PushSubscription(
        id=new_id(),
        account_id=account_id,
        device_id=device_id,
        endpoint=endpoint,
        p256dh=p256dh,
        auth=auth,
        created_at=now,
    )
    with conflict_on(session, uq_push_subscription_endpoint=PushEndpointTaken()):
        session.add(subscription)
    _drop_oldest(session, account_id)
    _record(session, "push_subscription.made", subscription, now)
    return subscription


def list_subscriptions(session: Session, account_id: UUID) -> Sequence[PushSubscription]:
    """Return a person's subscriptions, at most `MOST_SUBSCRIPTIONS`, oldest first."""
    return session.scalars(
        select(PushSubscription)
        .where(PushSubscription.account_id == account_id)
        .order_by(PushSubscription.id)
    ).all()


def unsubscribe(
    session: Session, *, account_id: UUID, subscription_id: UUID, now: datetime
) -> None:
    """Have a device take no messages any more.

    :raises PushSubscriptionNotFound: when the person has no such subscription.
    """
    subscription = session.get(PushSubscription, subscription_id)
    if subscription is None or subscription.account_id != account_id:
        raise PushSubscriptionNotFound
    session.delete(subscription)
    session.flush()
    _record(session, "push_subscription.ended", subscription, now)


def _is_same(
    present: PushSubscription, account_id: UUID, p256dh: str, auth: str, device_id: UUID | None
) -> bool:
    return (present.account_id, present.p256dh, present.auth, present.device_id) == (
        account_id,
        p256dh,
        auth,
        device_id,
    )


def _check_keys(p256dh: str, auth: str) -> None:
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decode_key(p256dh))
    except ValueError as exc:
        raise PushKeyInvalid(field="json.keys.p256dh") from exc
    try:
        secret = decode_key(auth)
    except ValueError as exc:
        raise PushKeyInvalid(field="json.keys.auth") from exc
    if len(secret) != AUTH_BYTES:
        raise PushKeyInvalid(field="json.keys.auth")


def decode_key(text: str) -> bytes:
    """Return the bytes of a key as browsers give it.

    :raises ValueError: when it is no base64url.
    """
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as exc:
        raise ValueError(text) from exc


def _drop_oldest(session: Session, account_id: UUID) -> None:
    for old in list_subscriptions(session, account_id)[:-MOST_SUBSCRIPTIONS]:
        session.delete(old)
    session.flush()


def _record(session: Session, action: str, subscription: PushSubscription, now: datetime) -> None:
    record(
        session,
        action=action,
        subject_type="push_subscription",
        subject_id=subscription.id,
        actor_id=subscription.account_id,
        now=now,
    )
