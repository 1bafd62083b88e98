"""Owns sign-ins: access tokens for minutes, refresh tokens that are used once, a device each."""

import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import digest as hmac_digest
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from backend.accounts.models import Account, RefreshToken, SignIn
from backend.accounts.queries import (
    find_open_sign_in,
    find_refresh_token,
    get_account,
    lock_account,
    lock_sign_in,
)
from backend.accounts.tokens import issue_access_token
from backend.audit.service import record
from backend.db import new_id
from backend.errors import AuthenticationRequired

GRACE = timedelta(seconds=30)
"""How long after its use a refresh token brings the same answer again: phones lose answers."""


class RefreshTokenInvalid(AuthenticationRequired):
    """The refresh token is unknown, too old, signed out or was used before."""

    code = "refresh_token_invalid"
    ko = "로그인이 끝났습니다. 다시 로그인해 주세요."
    en = "The sign-in has ended. Sign in again."


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

    A sign-in on the same device, whose answer may have been lost, ends.
    """
    today = now.date()
    lock_account(session, account.id)
    before = device.device_id and find_open_sign_in(session, account.id, device.device_id)
    if before:
        before.ended_at = now
        session.flush()
    sign_in = SignIn(
        id=new_id(),
        account_id=account.id,
        device_id=device.device_id or uuid4(),
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
    _keep(session, sign_in, token, now)
    record(
        session,
        action="account.signed_in",
        subject_type="account",
        subject_id=account.id,
        actor_id=account.id,
        now=now,
    )
    return _pair(sign_in, token, policy, now)


def renew(
    session: Session,
    *,
    refresh_token: str,
    policy: TokenPolicy,
    now: datetime,
    device_id: UUID | None = None,
) -> TokenPair | None:
    """Exchange a refresh token for a new pair, or None when it is no good.

    What follows a token is derived from it, so that a phone that lost the answer and asks again
    within `GRACE`, showing its device, gets the same successor: however often and however parallel
    it asks, whichever answer arrives last is good. Once the successor was used there is nothing
    more to get, and a straggler of the same device is only refused. Any other second use is that
    of a copy and ends the sign-in (RFC 9700, 4.14), and so does a token on another device. The
    caller commits in each case, and only then refuses.

    :param device_id: of the device that asks, where it tells.
    """
    token = find_refresh_token(session, _digest(refresh_token))
    if token is None:
        return None
    sign_in = lock_sign_in(session, token.sign_in_id)
    # Somebody may have used it while we waited for the lock.
    session.refresh(token)
    if sign_in.ended_at is not None:
        return None
    is_elsewhere = device_id is not None and device_id != sign_in.device_id
    is_copy = token.used_at is not None and (device_id is None or now - token.used_at >= GRACE)
    if is_elsewhere or is_copy:
        end_sign_in(session, sign_in, "account.sign_in_revoked", now)
        return None
    if now >= token.expires_at or get_account(session, sign_in.account_id).disabled_at:
        return None
    following = _successor(refresh_token, sign_in, policy.secret)
    if token.used_at is None:
        token.used_at = now
        sign_in.expires_at = now + policy.refresh_life
        sign_in.last_seen_on = now.date()
        _keep(session, sign_in, following, now)
    elif not _is_unused(session, following):
        return None
    return _pair(sign_in, following, policy, now)


def sign_out(session: Session, *, refresh_token: str, now: datetime) -> None:
    """End the sign-in that a refresh token belongs to; an unknown token is no error."""
    token = find_refresh_token(session, _digest(refresh_token))
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


def _keep(session: Session, sign_in: SignIn, token: str, now: datetime) -> None:
    session.add(
        RefreshToken(
            id=new_id(),
            sign_in_id=sign_in.id,
            token_sha256=_digest(token),
            issued_at=now,
            expires_at=sign_in.expires_at,
        )
    )
    session.flush()


def _is_unused(session: Session, token: str) -> bool:
    found = find_refresh_token(session, _digest(token))
    return found is not None and found.used_at is None


def _pair(sign_in: SignIn, refresh_token: str, policy: TokenPolicy, now: datetime) -> TokenPair:
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


def _successor(token: str, sign_in: SignIn, secret: str) -> str:
    """Return the one token that follows another; without our secret nobody can."""
    key = sha256(b"dongne refresh token\0" + secret.encode()).digest()
    following = hmac_digest(key, sign_in.id.bytes + token.encode(), "sha256")
    return urlsafe_b64encode(following).rstrip(b"=").decode("ascii")


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
