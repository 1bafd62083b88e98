"""Owns how accounts, residences and sign-ins are read."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.accounts.models import Account, RefreshToken, Residence, SignIn
from backend.errors import NotFound


class AccountNotFound(NotFound):
    """There is no such account."""

    code = "account_not_found"
    ko = "계정을 찾을 수 없습니다."
    en = "There is no such account."


class ResidenceNotFound(NotFound):
    """The person has declared no residence yet."""

    code = "residence_not_declared"
    ko = "아직 사는 동네를 등록하지 않았습니다."
    en = "No residence has been declared yet."


def get_account(session: Session, account_id: UUID) -> Account:
    """Return an account.

    :raises AccountNotFound: when there is none.
    """
    account = session.get(Account, account_id)
    if account is None:
        raise AccountNotFound
    return account


def lock_account(session: Session, account_id: UUID) -> Account:
    """Return an account, locked until the transaction ends; rows that only refer to it go on.

    :raises AccountNotFound: when there is none.
    """
    account = session.scalar(
        select(Account).where(Account.id == account_id).with_for_update(key_share=True)
    )
    if account is None:
        raise AccountNotFound
    return account


def find_account_by_email(session: Session, email: str) -> Account | None:
    """Return the account of an e-mail address, in whichever case it is written."""
    return session.scalar(select(Account).where(Account.email == email.lower()))


def find_residence(session: Session, account_id: UUID) -> Residence | None:
    """Return the residence that counts now."""
    return session.scalar(
        select(Residence).where(
            Residence.account_id == account_id, Residence.superseded_at.is_(None)
        )
    )


def get_residence(session: Session, account_id: UUID) -> Residence:
    """Return the residence that counts now.

    :raises ResidenceNotFound: when none was declared.
    """
    residence = find_residence(session, account_id)
    if residence is None:
        raise ResidenceNotFound
    return residence


def find_refresh_token(session: Session, token_sha256: str) -> RefreshToken | None:
    """Return a refresh token by its hash; whoever changes it locks its sign-in first."""
    return session.scalar(select(RefreshToken).where(RefreshToken.token_sha256 == token_sha256))


def lock_sign_in(session: Session, sign_in_id: UUID) -> SignIn:
    """Return a sign-in as it is now, locked until the transaction ends."""
    return session.scalars(
        select(SignIn)
        .where(SignIn.id == sign_in_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def find_open_sign_in(session: Session, account_id: UUID, device_id: UUID) -> SignIn | None:
    """Return the sign-in of a person on a device that has not ended."""
    return session.scalar(
        select(SignIn).where(
            SignIn.account_id == account_id,
            SignIn.device_id == device_id,
            SignIn.ended_at.is_(None),
        )
    )
