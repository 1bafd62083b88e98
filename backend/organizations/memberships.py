"""Owns who may hold which role where, and the granting and ending of roles."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.audit.service import record
from backend.auth.identity import Role
from backend.db import conflict_on, new_id
from backend.errors import Conflict, Invalid
from backend.organizations import states
from backend.organizations.models import Membership, Organization
from backend.organizations.queries import get_organization

ROLES_OF_KIND: Mapping[str, frozenset[Role]] = {
    "local_government": frozenset({Role.REVIEWER, Role.MANAGER}),
    "institution": frozenset({Role.APPLICANT}),
    "supplier": frozenset({Role.SUPPLIER}),
    "procurement_service": frozenset({Role.OFFICER, Role.AUDITOR, Role.ADMIN}),
    "ministry": frozenset(),
    "research_institution": frozenset(),
}
"""The roles that somebody can have at each kind of organization."""


class RoleNotFitting(Invalid):
    """That kind of organization has no such role."""

    code = "role_not_fitting"
    ko = "{organization}에는 줄 수 없는 역할입니다. 줄 수 있는 역할: {roles}"
    en = "{organization} has no such role. Roles there: {roles}"


class OrganizationClosed(Conflict):
    """Nobody can start working for an organization that exists no more."""

    code = "organization_closed"
    ko = "{organization}은(는) 폐지된 기관입니다."
    en = "{organization} exists no more."


class AlreadyMember(Conflict):
    """The person has that role there already."""

    code = "already_member"
    ko = "이 기관에서 이미 그 역할을 맡고 있습니다."
    en = "The person has this role at the organization already."


def check_role(organization: Organization, role: Role) -> None:
    """Check that somebody may begin to hold a role at an organization.

    :raises OrganizationClosed: when it exists no more.
    :raises RoleNotFitting: when its kind does not have the role.
    """
    if organization.closed_at is not None:
        raise OrganizationClosed(organization=organization.name_ko)
    fitting = ROLES_OF_KIND[organization.kind]
    if role not in fitting:
        raise RoleNotFitting(
            field="json.role",
            organization=organization.name_ko,
            roles=", ".join(sorted(fitting)) or "-",
        )


def grant(
    session: Session,
    *,
    account_id: UUID,
    organization_id: UUID,
    role: Role,
    granted_by: UUID | None,
    now: datetime,
) -> Membership:
    """Let a person work for an organization in a role.

    :param granted_by: the account that decided it, None for the operator.
    :raises OrganizationNotFound: when there is no such organization.
    :raises OrganizationClosed: when it exists no more.
    :raises RoleNotFitting: when its kind does not have the role.
    :raises AlreadyMember: when the person has the role there now.
    """
    check_role(get_organization(session, organization_id), role)
    membership = Membership(
        id=new_id(),
        account_id=account_id,
        organization_id=organization_id,
        role=role.value,
        granted_by=granted_by,
        granted_at=now,
    )
    with conflict_on(session, uq_membership_current=AlreadyMember()):
        session.add(membership)
    record(
        session,
        action="membership.granted",
        subject_type="membership",
        subject_id=membership.id,
        actor_id=granted_by,
        now=now,
        chain=str(organization_id),
        data={"account_id": str(account_id), "role": role.value},
    )
    return membership


def end_membership(
    session: Session,
    *,
    organization_id: UUID,
    membership_id: UUID,
    actor_id: UUID | None,
    now: datetime,
) -> Membership:
    """End a person's role at an organization; from the next request on it counts no more.

    :raises MembershipNotFound: when nobody works there under that id.
    """
    membership = session.scalar(
        select(Membership)
        .where(Membership.id == membership_id, Membership.organization_id == organization_id)
        .with_for_update(of=Membership)
    )
    if membership is None:
        raise states.MembershipNotFound
    states.mark_ended(membership, now)
    record(
        session,
        action="membership.ended",
        subject_type="membership",
        subject_id=membership.id,
        actor_id=actor_id,
        now=now,
        chain=str(organization_id),
        data={"account_id": str(membership.account_id), "role": membership.role},
    )
    return membership
