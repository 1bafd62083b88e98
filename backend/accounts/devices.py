"""Owns the devices on which a person is signed in: listing them and signing them out."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from backend.accounts.models import SignIn
from backend.accounts.queries import find_open_sign_in, lock_sign_in
from backend.accounts.sessions import end_sign_in
from backend.audit.service import record
from backend.errors import NotFound


class DeviceNotFound(NotFound):
    """The person is not signed in on such a device."""

    code = "device_not_found"
    ko = "로그인된 기기를 찾을 수 없습니다."
    en = "You are not signed in on such a device."


@dataclass(frozen=True, slots=True)
class SeenDevice:
    """A device on which a person is signed in.

    :param is_current: whether the person asks from it.
    """

    device_id: UUID
    device_name: str | None
    platform: str | None
    first_seen_on: date
    last_seen_on: date
    is_current: bool


def list_devices(
    session: Session, *, account_id: UUID, current: UUID | None, now: datetime
) -> list[SeenDevice]:
    """Return where a person is signed in, the latest seen first.

    :param current: the sign-in from which they ask.
    """
    found = session.scalars(
        select(SignIn)
        .where(SignIn.account_id == account_id, SignIn.ended_at.is_(None), SignIn.expires_at > now)
        .order_by(SignIn.last_seen_on.desc(), SignIn.started_at.desc(), SignIn.id.desc())
    )
    return [
        SeenDevice(
            sign_in.device_id,
            sign_in.device_name,
            sign_in.platform,
            sign_in.first_seen_on,
            sign_in.last_seen_on,
            sign_in.id == current,
        )
        for sign_in in found
    ]


def sign_out_device(session: Session, *, account_id: UUID, device_id: UUID, now: datetime) -> None:
    """Sign a person out on one device.

    :raises DeviceNotFound: when nobody of that account is signed in there.
    """
    found = find_open_sign_in(session, account_id, device_id)
    if found is None:
        raise DeviceNotFound
    end_sign_in(session, lock_sign_in(session, found.id), "account.signed_out", now)


def sign_out_everywhere(
    session: Session, *, account_id: UUID, now: datetime, but: UUID | None = None
) -> int:
    """Sign a person out on all devices, and return on how many.

    :param but: the one sign-in that goes on.
    """
    ended = session.execute(
        update(SignIn)
        .where(
            SignIn.account_id == account_id,
            SignIn.ended_at.is_(None),
            SignIn.id.is_distinct_from(but),
        )
        .values(ended_at=now)
        .returning(SignIn.id)
    ).all()
    if ended:
        record(
            session,
            action="account.signed_out_everywhere",
            subject_type="account",
            subject_id=account_id,
            actor_id=account_id,
            now=now,
            data={"devices": len(ended)},
        )
    return len(ended)
