"""Owns how second factors are read."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.accounts.second_factor.models import RecoveryCode, SecondFactor
from backend.errors import NotFound


class SecondFactorNotFound(NotFound):
    """The account has no second factor."""

    code = "second_factor_not_found"
    ko = "설정된 2단계 인증이 없습니다."
    en = "There is no second factor."


def find_second_factor(session: Session, account_id: UUID) -> SecondFactor | None:
    """Return the second factor of an account, confirmed or not."""
    return session.get(SecondFactor, account_id)


def has_second_factor(session: Session, account_id: UUID) -> bool:
    """Tell whether an account is asked for a second factor."""
    return (
        session.scalar(
            select(SecondFactor.confirmed_at).where(SecondFactor.account_id == account_id)
        )
        is not None
    )


def lock_second_factor(session: Session, account_id: UUID) -> SecondFactor:
    """Return the second factor of an account, locked until the transaction ends.

    :raises SecondFactorNotFound: when there is none.
    """
    found = session.scalar(
        select(SecondFactor)
        .where(SecondFactor.account_id == account_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise SecondFactorNotFound
    return found


def count_recovery_codes(session: Session, account_id: UUID) -> int:
    """Return how many recovery codes are left."""
    return session.scalars(
        select(func.count())
        .select_from(RecoveryCode)
        .where(RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None))
    ).one()
