"""Owns how whoever runs the machine makes somebody an administrator; nobody can over HTTP."""

from datetime import datetime

from sqlalchemy.orm import Session

from backend.accounts.models import Account
from backend.accounts.queries import AccountNotFound, find_account_by_email
from backend.accounts.service import register_account
from backend.auth.identity import Role
from backend.organizations.governments import ensure_procurement_service
from backend.organizations.memberships import grant
from backend.organizations.models import Membership


def register_administrator(
    session: Session, *, email: str, password: str, display_name: str, now: datetime
) -> Membership:
    """Register a new person who administers the installation.

    An account that exists is not taken: anybody can register an address before its owner does.

    :raises EmailTaken: when the address has an account.
    """
    account = register_account(
        session, email=email, password=password, display_name=display_name, now=now
    )
    return _make_administrator(session, account, now)


def promote_to_administrator(session: Session, *, email: str, now: datetime) -> Membership:
    """Let a person who has an account administer the installation; the password stays.

    :raises AccountNotFound: when the address has no account.
    :raises AlreadyMember: when the person is an administrator already.
    """
    account = find_account_by_email(session, email)
    if account is None:
        raise AccountNotFound
    return _make_administrator(session, account, now)


def _make_administrator(session: Session, account: Account, now: datetime) -> Membership:
    organization = ensure_procurement_service(session, now=now)
    return grant(
        session,
        account_id=account.id,
        organization_id=organization.id,
        role=Role.ADMIN,
        granted_by=None,
        now=now,
    )
