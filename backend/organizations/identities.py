"""Owns the building of a caller's identity out of an account and its memberships."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.accounts.models import Account
from backend.accounts.tokens import TokenInvalid
from backend.auth.identity import Identity, Role
from backend.auth.identity import Membership as HeldRole
from backend.organizations.models import Membership, Organization


def load_identity(session: Session, account_id: UUID) -> Identity:
    """Return who an account is now: a role that ended a moment ago is not in it.

    :raises TokenInvalid: when the account is gone or closed.
    """
    rows = session.execute(
        select(Account.disabled_at, Membership, Organization.local_government_code)
        .outerjoin(
            Membership, (Membership.account_id == Account.id) & Membership.ended_at.is_(None)
        )
        .outerjoin(Organization, Membership.organization_id == Organization.id)
        .where(Account.id == account_id)
    ).all()
    if not rows or rows[0].disabled_at is not None:
        raise TokenInvalid
    held = (
        HeldRole(membership.organization_id, Role(membership.role), code)
        for _, membership, code in rows
        if membership is not None
    )
    return Identity(account_id, tuple(held))
