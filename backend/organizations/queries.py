"""Owns how organizations, institutions, suppliers and memberships are read."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, joinedload

from backend.auth.identity import Role
from backend.errors import NotFound
from backend.organizations.models import Institution, Membership, Organization
from backend.pagination import Page, paginate


class OrganizationNotFound(NotFound):
    """There is no such organization."""

    code = "organization_not_found"
    ko = "기관을 찾을 수 없습니다."
    en = "There is no such organization."


class InstitutionNotFound(NotFound):
    """There is no such institution."""

    code = "institution_not_found"
    ko = "시범사용기관을 찾을 수 없습니다."
    en = "There is no such institution."


class LocalGovernmentUnknown(NotFound):
    """No organization stands for a local government of that code."""

    code = "local_government_unknown"
    ko = "그 코드의 지방자치단체가 없습니다: {local_government_code}"
    en = "There is no local government with the code {local_government_code}."


def get_organization(session: Session, organization_id: UUID) -> Organization:
    """Return an organization.

    :raises OrganizationNotFound: when there is none.
    """
    organization = session.get(Organization, organization_id)
    if organization is None:
        raise OrganizationNotFound
    return organization


def find_local_government_organization(session: Session, code: str) -> Organization | None:
    """Return the organization of a local government, such as 11140 or 44."""
    # No code has anything but digits, and the database cannot even compare every text.
    if not code.isdecimal():
        return None
    return session.scalar(select(Organization).where(Organization.local_government_code == code))


def get_local_government_organization(session: Session, code: str) -> Organization:
    """Return the organization of a local government, such as 11140 or 44.

    :raises LocalGovernmentUnknown: when no organization has the code.
    """
    organization = find_local_government_organization(session, code)
    if organization is None:
        raise LocalGovernmentUnknown(local_government_code=code)
    return organization


def find_procurement_service(session: Session) -> Organization | None:
    """Return the Public Procurement Service."""
    return session.scalar(select(Organization).where(Organization.kind == "procurement_service"))


def list_organizations(
    session: Session,
    *,
    kind: str | None,
    q: str | None,
    local_government_code: str | None,
    limit: int,
    after: str | None,
) -> Page:
    """Return the organizations that exist today, oldest entry first.

    :param kind: only of that kind.
    :param q: only with this in the Korean name.
    :param local_government_code: only the organization of that local government.
    """
    statement = select(Organization).where(Organization.closed_at.is_(None))
    if kind is not None:
        statement = statement.where(Organization.kind == kind)
    if q is not None:
        statement = statement.where(Organization.name_ko.icontains(q, autoescape=True))
    if local_government_code is not None:
        statement = statement.where(Organization.local_government_code == local_government_code)
    return paginate(session, statement, Organization.id, limit=limit, after=after)


def get_institution(session: Session, organization_id: UUID) -> Institution:
    """Return an institution by its organization's id.

    :raises InstitutionNotFound: when there is none.
    """
    institution = session.get(Institution, organization_id)
    if institution is None:
        raise InstitutionNotFound
    return institution


def list_institutions(
    session: Session,
    *,
    institution_type: str | None,
    region: str | None,
    local_government_code: str | None,
    limit: int,
    after: str | None,
) -> Page:
    """Return the institutions that exist today, oldest entry first.

    :param institution_type: only of that type.
    :param region: only with their site in that region, a code of 2, 5 or 8 digits.
    :param local_government_code: only with their site in that local government.
    """
    statement = (
        select(Institution)
        .join(Institution.organization)
        .options(contains_eager(Institution.organization))
        .where(Organization.closed_at.is_(None))
    )
    if institution_type is not None:
        statement = statement.where(Institution.institution_type == institution_type)
    if region is not None:
        statement = statement.where(Institution.site_emd_code.startswith(region, autoescape=True))
    if local_government_code is not None:
        statement = statement.where(Institution.local_government_code == local_government_code)
    return paginate(session, statement, Institution.organization_id, limit=limit, after=after)


def find_current_membership(
    session: Session, account_id: UUID, organization_id: UUID, role: Role
) -> Membership | None:
    """Return the membership that gives a person a role at an organization today."""
    return session.scalar(
        select(Membership).where(
            Membership.account_id == account_id,
            Membership.organization_id == organization_id,
            Membership.role == role.value,
            Membership.ended_at.is_(None),
        )
    )


def list_members(session: Session, *, organization_id: UUID, limit: int, after: str | None) -> Page:
    """Return who works for an organization today, in the order in which they began."""
    statement = (
        select(Membership)
        .where(Membership.organization_id == organization_id, Membership.ended_at.is_(None))
        .options(joinedload(Membership.account))
    )
    return paginate(session, statement, Membership.id, limit=limit, after=after)


def list_memberships(session: Session, *, account_id: UUID, limit: int, after: str | None) -> Page:
    """Return where a person works today, in the order in which it began."""
    statement = select(Membership).where(
        Membership.account_id == account_id, Membership.ended_at.is_(None)
    )
    return paginate(session, statement, Membership.id, limit=limit, after=after)


def list_staff_ids(session: Session, organization_id: UUID, *roles: Role) -> list[UUID]:
    """Return the accounts that have one of some roles at an organization today."""
    return list(
        session.scalars(
            select(Membership.account_id)
            .where(
                Membership.organization_id == organization_id,
                Membership.ended_at.is_(None),
                Membership.role.in_([role.value for role in roles]),
            )
            .distinct()
            .order_by(Membership.account_id)
        )
    )
