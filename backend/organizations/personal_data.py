"""Owns what organizations keep of the people who work there: the copy, and its erasure."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from backend.accounts.models import Account
from backend.auth.identity import Role
from backend.errors import Conflict
from backend.notifications.personal_data import forget_address
from backend.organizations.memberships import end_membership
from backend.organizations.models import Invitation, Membership, Organization
from backend.rows import Part

INDISPENSABLE = (Role.MANAGER, Role.ADMIN)
"""Roles without which nobody can let others work for an organization."""


class LastOfRole(Conflict):
    """Somebody else has to be able to go on before this person leaves."""

    code = "last_of_role"
    ko = "{organization}의 마지막 {role}입니다. 다른 사람에게 같은 역할을 주고 탈퇴해 주세요."
    en = (
        "You are the last {role} of {organization}. Give somebody else the role there, then erase"
        " your account."
    )


def export_for(account_id: UUID) -> Sequence[Part]:
    """Return which rows are a person's own."""
    return (Part("memberships", Membership, Membership.account_id == account_id),)


def list_roles_without_successor(
    session: Session, account_id: UUID
) -> list[tuple[Organization, Role]]:
    """Return where a person is the last one in a role that an organization cannot do without."""
    return [
        (membership.organization, Role(membership.role))
        for membership in _held(session, account_id)
        if membership.organization.closed_at is None
        and membership.role in {role.value for role in INDISPENSABLE}
        and _count_others(session, membership) == 0
    ]


def erase_for(session: Session, account_id: UUID, *, email: str | None, now: datetime) -> None:
    """End a person's roles, and forget the invitations to their address.

    :param email: the address that the account had.
    :raises LastOfRole: when an organization cannot do without them.
    """
    held = _held(session, account_id)
    # Two who leave at the same time do not count each other.
    session.execute(
        select(Organization.id)
        .where(Organization.id.in_({membership.organization_id for membership in held}))
        .order_by(Organization.id)
        .with_for_update(key_share=True)
    )
    for organization, role in list_roles_without_successor(session, account_id):
        raise LastOfRole(organization=organization.name_ko, role=role.value)
    if email is not None:
        forget_address(session, email, _list_places(session, account_id))
        session.execute(delete(Invitation).where(Invitation.email == email))
    for membership in held:
        end_membership(
            session,
            organization_id=membership.organization_id,
            membership_id=membership.id,
            actor_id=account_id,
            now=now,
        )


def _held(session: Session, account_id: UUID) -> Sequence[Membership]:
    return session.scalars(
        select(Membership)
        .where(Membership.account_id == account_id, Membership.ended_at.is_(None))
        .order_by(Membership.organization_id, Membership.id)
    ).all()


def _list_places(session: Session, account_id: UUID) -> Sequence[UUID]:
    """Return for whom a person works or worked."""
    worked = select(Membership.organization_id).where(Membership.account_id == account_id)
    return session.scalars(worked.distinct()).all()


def _count_others(session: Session, membership: Membership) -> int:
    return session.scalars(
        select(func.count())
        .select_from(Membership)
        .join(Account, Account.id == Membership.account_id)
        .where(
            Membership.organization_id == membership.organization_id,
            Membership.role == membership.role,
            Membership.account_id != membership.account_id,
            Membership.ended_at.is_(None),
            Account.disabled_at.is_(None),
        )
    ).one()
