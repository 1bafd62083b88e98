"""Owns passwords that are set anew: by who knows the old one, or by who reads the account's mail.

A request for an address that nobody has registered takes the same steps, down to a job.
"""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from backend.accounts.devices import sign_out_everywhere
from backend.accounts.models import Account, PasswordReset
from backend.accounts.passwords import hash_password, password_matches
from backend.accounts.queries import find_account_by_email, get_account
from backend.accounts.second_factor.service import PasswordWrong
from backend.audit.service import record
from backend.db import new_id
from backend.errors import Gone
from backend.jobs.outbox import defer

TASK = "accounts.send_password_reset"
LIFE = timedelta(minutes=30)
KEPT_FOR = timedelta(days=1)


class ResetOver(Gone):
    """The code of a reset is unknown, too old, or was used: nobody learns which."""

    code = "password_reset_over"
    ko = "비밀번호 재설정 코드가 올바르지 않거나 기한이 지났습니다. 다시 요청해 주세요."
    en = "The code is not right, or its time is over. Ask for a new one."


def ask_for_reset(session: Session, *, email: str, now: datetime) -> None:
    """Have a code sent to an address, if somebody has registered with it."""
    account = find_account_by_email(session, email)
    is_open = account is not None and account.disabled_at is None
    reset = PasswordReset(
        id=new_id(), account_id=account.id if account and is_open else None, asked_at=now
    )
    session.add(reset)
    session.flush()
    defer(session, TASK, reset_id=reset.id)


def issue_code(session: Session, *, reset_id: UUID, now: datetime) -> tuple[Account, str] | None:
    """Make the code of a reset and return it with whose it is; None when there is nothing to send.

    Sent a second time, after a failure, it is another code, and the first is good for nothing.
    """
    reset = _lock(session, PasswordReset.id == reset_id)
    if reset is None or reset.account_id is None or reset.closed_at is not None:
        return None
    code = secrets.token_urlsafe(32)
    reset.token_sha256, reset.expires_at = _digest(code), now + LIFE
    session.flush()
    return get_account(session, reset.account_id), code


def complete_reset(session: Session, *, token: str, password: str, now: datetime) -> None:
    """Set the password of who has read the mail; every sign-in and every other code ends.

    :raises ResetOver: when the token is no good, or no good any more.
    """
    reset = _lock(session, PasswordReset.token_sha256 == _digest(token))
    if (
        reset is None
        or reset.account_id is None
        or reset.closed_at is not None
        or reset.expires_at is None
        or now >= reset.expires_at
    ):
        raise ResetOver
    account = get_account(session, reset.account_id)
    if account.disabled_at is not None:
        raise ResetOver
    _set(session, account, password, action="account.password_reset", now=now)


def change_password(
    session: Session,
    *,
    account_id: UUID,
    sign_in_id: UUID | None,
    current_password: str,
    new_password: str,
    now: datetime,
) -> None:
    """Set another password; all sign-ins end but the one that asks.

    :raises PasswordWrong: when the current password is another.
    """
    account = get_account(session, account_id)
    if not password_matches(current_password, account.password_hash):
        raise PasswordWrong(field="json.current_password")
    _set(
        session,
        account,
        new_password,
        action="account.password_changed",
        now=now,
        but=sign_in_id,
    )


def forget_old_resets(session: Session, *, now: datetime) -> int:
    """Delete requests whose code, if they ever had one, is long too old; return how many."""
    forgotten = session.execute(
        delete(PasswordReset)
        .where(PasswordReset.asked_at < now - KEPT_FOR)
        .returning(PasswordReset.id)
    )
    return len(forgotten.all())


def _set(
    session: Session,
    account: Account,
    password: str,
    *,
    action: str,
    now: datetime,
    but: UUID | None = None,
) -> None:
    password_hash = hash_password(password)
    session.refresh(account, with_for_update={"key_share": True})
    account.password_hash = password_hash
    session.execute(
        update(PasswordReset)
        .where(PasswordReset.account_id == account.id, PasswordReset.closed_at.is_(None))
        .values(closed_at=now)
    )
    sign_out_everywhere(session, account_id=account.id, now=now, but=but)
    record(
        session,
        action=action,
        subject_type="account",
        subject_id=account.id,
        actor_id=account.id,
        now=now,
    )


def _lock(session: Session, which: ColumnElement[bool]) -> PasswordReset | None:
    return session.scalar(
        select(PasswordReset)
        .where(which)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
