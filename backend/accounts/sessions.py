"""Owns signing in and out: access tokens for minutes, refresh tokens that are used once."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from backend.accounts.models import Account, RefreshToken
from backend.accounts.passwords import password_matches
from backend.accounts.queries import find_account_by_email, find_refresh_token, get_account
from backend.accounts.tokens import issue_access_token
from backend.audit.service import record
from backend.db import new_id
from backend.errors import AuthenticationRequired


class CredentialsInvalid(AuthenticationRequired):
    """Unknown address, wrong password or closed account: nobody learns which."""

    code = "credentials_invalid"
    ko = "이메일 주소 또는 비밀번호가 올바르지 않습니다."
    en = "The e-mail address or the password is not right."


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
class TokenPair:
    """What a sign-in answers.

    :param expires_in_s: seconds until the access token is too old.
    """

    account_id: UUID
    access_token: str
    refresh_token: str
    expires_in_s: int


def sign_in(
    session: Session, *, email: str, password: str, policy: TokenPolicy, now: datetime
) -> TokenPair:
    """Open a sign-in with e-mail and password.

    :raises CredentialsInvalid: when they do not match an open account.
    """
    account = find_account_by_email(session, email)
    matches = password_matches(password, account.password_hash if account else None)
    if account is None or not matches:
        raise CredentialsInvalid
    return open_sign_in(session, account, policy, now)


def open_sign_in(
    session: Session, account: Account, policy: TokenPolicy, now: datetime
) -> TokenPair:
    """Open a sign-in for a person of whom somebody else has made sure.

    :raises CredentialsInvalid: when the account is closed.
    """
    if account.disabled_at is not None:
        raise CredentialsInvalid
    record(
        session,
        action="account.signed_in",
        subject_type="account",
        subject_id=account.id,
        actor_id=account.id,
        now=now,
    )
    return _issue(session, account, new_id(), policy, now)


def renew(
    session: Session, *, refresh_token: str, policy: TokenPolicy, now: datetime
) -> TokenPair | None:
    """Exchange a refresh token for a new pair, or None when it is no good.

    A token that comes a second time was copied: its whole family ends (RFC 9700, 4.14). The caller
    commits in both cases, and only then refuses.
    """
    token = find_refresh_token(session, _digest(refresh_token))
    if token is None:
        return None
    if token.used_at is not None:
        _revoke_family(session, token, "account.sign_in_revoked", now)
        return None
    account = get_account(session, token.account_id)
    if token.revoked_at or now >= token.expires_at or account.disabled_at:
        return None
    token.used_at = now
    return _issue(session, account, token.family_id, policy, now)


def sign_out(session: Session, *, refresh_token: str, now: datetime) -> None:
    """End the sign-in that a refresh token belongs to; an unknown token is no error."""
    token = find_refresh_token(session, _digest(refresh_token))
    if token is not None:
        _revoke_family(session, token, "account.signed_out", now)


def _issue(
    session: Session, account: Account, family_id: UUID, policy: TokenPolicy, now: datetime
) -> TokenPair:
    refresh_token = secrets.token_urlsafe(32)
    session.add(
        RefreshToken(
            id=new_id(),
            account_id=account.id,
            family_id=family_id,
            token_sha256=_digest(refresh_token),
            issued_at=now,
            expires_at=now + policy.refresh_life,
        )
    )
    session.flush()
    access_token = issue_access_token(
        account.id, secret=policy.secret, issuer=policy.issuer, now=now, life=policy.access_life
    )
    seconds = int(policy.access_life.total_seconds())
    return TokenPair(account.id, access_token, refresh_token, seconds)


def _revoke_family(session: Session, token: RefreshToken, action: str, now: datetime) -> None:
    """End all that came of a sign-in, and record it once."""
    ended = session.execute(
        update(RefreshToken)
        .where(RefreshToken.family_id == token.family_id, RefreshToken.revoked_at.is_(None))
        .values(revoked_at=now)
        .returning(RefreshToken.id)
    ).all()
    if ended:
        record(
            session,
            action=action,
            subject_type="account",
            subject_id=token.account_id,
            actor_id=token.account_id,
            now=now,
        )


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
