"""Owns the beginning and the end of sign-ins: a device each, and the tokens that it gets."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID, uuid4

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from backend.accounts.models import Account, RefreshToken, SignIn
from backend.accounts.queries import (
    find_open_sign_in,
    find_refresh_token,
    lock_account,
    lock_sign_in,
)
from backend.accounts.tokens import issue_access_token
from backend.audit.service import record
from backend.db import new_id

COPIES_ARRIVE = timedelta(seconds=30)
"""A second sign-in on a device within this time may be the first one's request, sent again."""

MOST_DEVICES = 50
"""Devices of a person; signing in on one more ends the sign-in seen longest ago."""


@dataclass(frozen=True, slots=True)
class TokenPolicy:
    """How tokens are made; the application hands it in from its configuration."""

    secret: str
    issuer: str
    access_life: timedelta
    refresh_life: timedelta


@dataclass(frozen=True, slots=True)
class Device:
    """What an app tells of the device that it runs on.

    :param device_id: made when the app was installed; None gets a new one.
    """

    device_id: UUID | None = None
    name: str | None = None
    platform: str | None = None


@dataclass(frozen=True, slots=True)
class TokenPair:
    """What a sign-in answers.

    :param expires_in_s: seconds until the access token is too old.
    """

    account_id: UUID
    device_id: UUID
    access_token: str
    refresh_token: str
    expires_in_s: int


def open_sign_in(
    session: Session, account: Account, device: Device, policy: TokenPolicy, now: datetime
) -> TokenPair:
    """Sign a person in on a device; who they are has been shown.

    A sign-in on the same device ends, and so do those beyond `MOST_DEVICES`. One that began within
    `COPIES_ARRIVE` is gone on with: this may be a copy of its request, and whichever answer the
    phone has must be good.
    """
    today = now.date()
    lock_account(session, account.id)
    known = device.device_id
    before = find_open_sign_in(session, account.id, known) if known else None
    if before is not None and now - before.started_at < COPIES_ARRIVE:
        return _go_on(session, before, policy, now)
    if before is not None:
        before.ended_at = now
        session.flush()
    sign_in = SignIn(
        id=new_id(),
        account_id=account.id,
        device_id=known or uuid4(),
        device_name=device.name,
        platform=device.platform,
        first_seen_on=before.first_seen_on if before else today,
        last_seen_on=today,
        started_at=now,
        expires_at=now + policy.refresh_life,
    )
    session.add(sign_in)
    session.flush()
    token = secrets.token_urlsafe(32)
    keep_token(session, sign_in, token, now)
    ended = int(before is not None) + _end_surplus(session, account.id, now)
    record(
        session,
        action="account.signed_in",
        subject_type="account",
        subject_id=account.id,
        actor_id=account.id,
        now=now,
        data={"ended": ended} if ended else None,
    )
    return pair_of(sign_in, token, policy, now)


def _go_on(session: Session, sign_in: SignIn, policy: TokenPolicy, now: datetime) -> TokenPair:
    """Give a sign-in one more refresh token, beside the one that is there."""
    token = secrets.token_urlsafe(32)
    keep_token(session, sign_in, token, now)
    record(
        session,
        action="account.signed_in",
        subject_type="account",
        subject_id=sign_in.account_id,
        actor_id=sign_in.account_id,
        now=now,
    )
    return pair_of(sign_in, token, policy, now)


def sign_out(session: Session, *, refresh_token: str, now: datetime) -> None:
    """End the sign-in that a refresh token belongs to; an unknown token is no error."""
    token = find_refresh_token(session, digest_of(refresh_token))
    if token is not None:
        end_sign_in(session, lock_sign_in(session, token.sign_in_id), "account.signed_out", now)


def end_sign_in(session: Session, sign_in: SignIn, action: str, now: datetime) -> None:
    """End a locked sign-in with all that came of it, access tokens included, and record it once."""
    if sign_in.ended_at is None:
        sign_in.ended_at = now
        record(
            session,
            action=action,
            subject_type="account",
            subject_id=sign_in.account_id,
            actor_id=sign_in.account_id,
            now=now,
        )


def keep_token(session: Session, sign_in: SignIn, token: str, now: datetime) -> None:
    """Let a refresh token be good for a sign-in, until that expires."""
    session.add(
        RefreshToken(
            id=new_id(),
            sign_in_id=sign_in.id,
            token_sha256=digest_of(token),
            issued_at=now,
            expires_at=sign_in.expires_at,
        )
    )
    session.flush()


def pair_of(sign_in: SignIn, refresh_token: str, policy: TokenPolicy, now: datetime) -> TokenPair:
    """Return what is answered: a new access token beside the refresh token."""
    access_token = issue_access_token(
        sign_in.account_id,
        sign_in.id,
        secret=policy.secret,
        issuer=policy.issuer,
        now=now,
        life=policy.access_life,
    )
    return TokenPair(
        sign_in.account_id,
        sign_in.device_id,
        access_token,
        refresh_token,
        int(policy.access_life.total_seconds()),
    )


def digest_of(token: str) -> str:
    """Return as what a refresh token is kept."""
    return sha256(token.encode()).hexdigest()


def _end_surplus(session: Session, account_id: UUID, now: datetime) -> int:
    surplus = (
        select(SignIn.id)
        .where(SignIn.account_id == account_id, SignIn.ended_at.is_(None))
        .order_by(SignIn.last_seen_on.desc(), SignIn.started_at.desc(), SignIn.id.desc())
        .offset(MOST_DEVICES)
    )
    ended = session.execute(
        update(SignIn).where(SignIn.id.in_(surplus)).values(ended_at=now).returning(SignIn.id)
    )
    return len(ended.all())
