"""Owns the rules of second factors: enrolling, confirming, being asked for a code, removing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from backend.accounts.passwords import password_matches
from backend.accounts.queries import get_account, lock_account
from backend.accounts.second_factor import codes
from backend.accounts.second_factor.models import RecoveryCode, SecondFactor
from backend.accounts.second_factor.queries import (
    count_recovery_codes,
    find_second_factor,
    lock_second_factor,
)
from backend.accounts.second_factor.sealing import hash_code, seal, unseal
from backend.audit.service import record
from backend.errors import Conflict, Invalid, TooMany

MOST_FAILURES = 5
BLOCKED_FOR = timedelta(minutes=15)
"""So many wrong codes within this time, and nobody is heard until it is over."""


class SecondFactorOn(Conflict):
    """The account has a confirmed second factor."""

    code = "second_factor_on"
    ko = "이미 2단계 인증을 쓰고 있습니다. 바꾸려면 먼저 해제해 주세요."
    en = "A second factor is on. Remove it before you set up another."


class CodeInvalid(Invalid):
    """The code is not the one of now, or it was used."""

    code = "code_invalid"
    ko = "인증 코드가 올바르지 않거나 이미 쓰였습니다."
    en = "The code is not the one of now, or it was used."


class PasswordWrong(Invalid):
    """Whoever changes a sign-in shows that it is theirs."""

    code = "password_wrong"
    ko = "비밀번호가 올바르지 않습니다."
    en = "The password is not right."


class TooManyCodes(TooMany):
    """Too many wrong codes were tried."""

    code = "too_many_codes"
    ko = "잘못된 인증 코드가 너무 많았습니다. 잠시 뒤에 다시 시도해 주세요."
    en = "Too many wrong codes were tried. Try again later."


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What an authenticator needs; it cannot be read ever again."""

    secret: str
    otpauth_uri: str


@dataclass(frozen=True, slots=True)
class Status:
    """How far an account has come with its second factor."""

    state: Literal["off", "pending", "on"]
    confirmed_at: datetime | None
    recovery_codes_left: int


def describe(session: Session, *, account_id: UUID) -> Status:
    """Return whether an account has a second factor."""
    factor = find_second_factor(session, account_id)
    if factor is None:
        return Status("off", None, 0)
    left = count_recovery_codes(session, account_id)
    return Status("on" if factor.confirmed_at else "pending", factor.confirmed_at, left)


def enrol(
    session: Session, *, account_id: UUID, password: str, secret: str, now: datetime
) -> Enrolment:
    """Make the secret of an authenticator; one that was never confirmed is replaced.

    :param secret: the application's own.
    :raises PasswordWrong: when it is not the account's.
    :raises SecondFactorOn: when one is confirmed.
    """
    account = get_account(session, account_id)
    if not password_matches(password, account.password_hash):
        raise PasswordWrong(field="json.password")
    lock_account(session, account_id)
    factor = find_second_factor(session, account_id)
    if factor is None:
        factor = SecondFactor(account_id=account_id)
    elif factor.confirmed_at is not None:
        raise SecondFactorOn
    shared = codes.new_secret()
    factor.sealed_secret = seal(shared, account_id=account_id, secret=secret)
    factor.created_at = now
    session.add(factor)
    _record(session, factor, "account.second_factor_enrolled", now)
    return Enrolment(shared, codes.otpauth_uri(shared, account.email or account.display_name))


def confirm(
    session: Session, *, account_id: UUID, code: str, secret: str, now: datetime
) -> Sequence[str] | None:
    """Turn a second factor on and return its recovery codes, or None when the code is wrong.

    The caller commits in both cases, and only then refuses.

    :raises SecondFactorNotFound: when none was enrolled.
    :raises SecondFactorOn: when it is confirmed.
    :raises TooManyCodes: when too many wrong codes were tried.
    """
    factor = lock_second_factor(session, account_id)
    if factor.confirmed_at is not None:
        raise SecondFactorOn
    if not _takes(session, factor, code, secret, now):
        return None
    factor.confirmed_at = now
    recovery = codes.new_recovery_codes()
    session.add_all(
        RecoveryCode(
            account_id=account_id,
            code_hmac=hash_code(codes.plain(each), account_id=account_id, secret=secret),
        )
        for each in recovery
    )
    _record(session, factor, "account.second_factor_confirmed", now)
    return recovery


def check(session: Session, *, account_id: UUID, code: str, secret: str, now: datetime) -> bool:
    """Tell whether a code is good, and use it up; the caller commits in both cases.

    :raises SecondFactorNotFound: when the account has none.
    :raises TooManyCodes: when too many wrong codes were tried.
    """
    return _takes(session, lock_second_factor(session, account_id), code, secret, now)


def remove(session: Session, *, account_id: UUID, code: str, secret: str, now: datetime) -> bool:
    """Remove a second factor with its recovery codes, or return False when the code is wrong.

    The caller commits in both cases, and only then refuses.

    :raises SecondFactorNotFound: when the account has none.
    :raises TooManyCodes: when too many wrong codes were tried.
    """
    factor = lock_second_factor(session, account_id)
    if not _takes(session, factor, code, secret, now):
        return False
    discard(session, account_id=account_id, actor_id=account_id, now=now)
    return True


def discard(session: Session, *, account_id: UUID, actor_id: UUID | None, now: datetime) -> None:
    """Remove a second factor without a code, as the operator does for who has lost all.

    :param actor_id: None for the operator.
    :raises SecondFactorNotFound: when the account has none.
    """
    factor = lock_second_factor(session, account_id)
    session.execute(delete(SecondFactor).where(SecondFactor.account_id == factor.account_id))
    session.expunge(factor)
    record(
        session,
        action="account.second_factor_removed",
        subject_type="account",
        subject_id=account_id,
        actor_id=actor_id,
        now=now,
    )


def _takes(session: Session, factor: SecondFactor, code: str, secret: str, now: datetime) -> bool:
    """Use a code up, or count a wrong one; the factor is locked."""
    since = factor.failing_since
    if since is None or now >= since + BLOCKED_FOR:
        factor.failures, factor.failing_since = 0, None
    elif factor.failures >= MOST_FAILURES:
        raise TooManyCodes.until(since + BLOCKED_FOR, now)
    if _is_good(session, factor, codes.plain(code), secret, now):
        factor.failures, factor.failing_since = 0, None
        session.flush()
        return True
    factor.failures += 1
    factor.failing_since = factor.failing_since or now
    if factor.failures == MOST_FAILURES:
        _record(session, factor, "account.second_factor_blocked", now)
    session.flush()
    return False


def _is_good(session: Session, factor: SecondFactor, code: str, secret: str, now: datetime) -> bool:
    if len(code) == codes.DIGITS:
        shared = unseal(factor.sealed_secret, account_id=factor.account_id, secret=secret)
        step = codes.find_step(shared, code, now=now, after=factor.last_step)
        if step is not None:
            factor.last_step = step
        return step is not None
    used = session.execute(
        update(RecoveryCode)
        .where(
            RecoveryCode.account_id == factor.account_id,
            RecoveryCode.code_hmac == hash_code(code, account_id=factor.account_id, secret=secret),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=now)
        .returning(RecoveryCode.account_id)
    ).all()
    return bool(used)


def _record(session: Session, factor: SecondFactor, action: str, now: datetime) -> None:
    record(
        session,
        action=action,
        subject_type="account",
        subject_id=factor.account_id,
        actor_id=factor.account_id,
        now=now,
    )
