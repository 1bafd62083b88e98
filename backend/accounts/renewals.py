"""Owns how a sign-in goes on: refresh tokens that are used once, and what a lost answer costs."""

from base64 import urlsafe_b64encode
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import digest as hmac_digest
from uuid import UUID

from sqlalchemy.orm import Session

from backend.accounts.models import SignIn
from backend.accounts.queries import find_refresh_token, get_account, lock_sign_in
from backend.accounts.sessions import (
    TokenPair,
    TokenPolicy,
    digest_of,
    end_sign_in,
    keep_token,
    pair_of,
)
from backend.errors import AuthenticationRequired

GRACE = timedelta(seconds=30)
"""How long after its use a refresh token brings the same answer again: phones lose answers."""


class RefreshTokenInvalid(AuthenticationRequired):
    """The refresh token is unknown, too old, signed out or was used before."""

    code = "refresh_token_invalid"
    ko = "로그인이 끝났습니다. 다시 로그인해 주세요."
    en = "The sign-in has ended. Sign in again."


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
    token = find_refresh_token(session, digest_of(refresh_token))
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
        keep_token(session, sign_in, following, now)
    elif not _is_unused(session, following):
        return None
    return pair_of(sign_in, following, policy, now)


def _is_unused(session: Session, token: str) -> bool:
    found = find_refresh_token(session, digest_of(token))
    return found is not None and found.used_at is None


def _successor(token: str, sign_in: SignIn, secret: str) -> str:
    """Return the one token that follows another; without our secret nobody can."""
    key = sha256(b"dongne refresh token\0" + secret.encode()).digest()
    following = hmac_digest(key, sign_in.id.bytes + token.encode(), "sha256")
    return urlsafe_b64encode(following).rstrip(b"=").decode("ascii")
