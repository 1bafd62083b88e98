"""Owns the rules of registering and changing institutions and suppliers."""

from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from geoalchemy2.shape import from_shape
from shapely import Point
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.audit.service import record
from backend.db import conflict_on, new_id
from backend.errors import Conflict, Invalid, PermissionDenied
from backend.organizations.business_numbers import InvalidBusinessNumber, normalize_business_number
from backend.organizations.memberships import OrganizationClosed
from backend.organizations.models import Institution, Organization, Position, Supplier
from backend.organizations.queries import InstitutionNotFound
from backend.organizations.sites import Placing, check_jurisdiction, place_site
from geo.orm import SRID_WGS84


class TypeAndScopeDiffer(Invalid):
    """Overseas is a type and a scope: an institution has both or neither."""

    code = "institution_type_and_scope_differ"
    ko = "해외 기관은 유형과 범위를 모두 overseas로, 국내 기관은 모두 다른 값으로 정해 주세요."
    en = "An overseas institution has overseas as its type and as its scope, any other as neither."


class InstitutionFactReserved(PermissionDenied):
    """What decides about placements is not the institution's own to change."""

    code = "institution_fact_reserved"
    ko = "기관의 이름, 유형, 범위, 관할과 위치는 조달청 담당자만 바꿀 수 있습니다."
    en = "Name, type, scope, jurisdiction and site are for the procurement service to change."


class BusinessNumberInvalid(Invalid):
    """The text is no business registration number."""

    code = "business_number_invalid"
    ko = "사업자등록번호가 올바르지 않습니다. 10자리 숫자를 다시 확인해 주세요."
    en = "This is no business registration number. Check its ten digits."


class BusinessNumberTaken(Conflict):
    """A supplier with that number is registered."""

    code = "business_number_taken"
    ko = "이미 등록된 사업자등록번호입니다."
    en = "A supplier with this business registration number is registered already."


@dataclass(frozen=True, slots=True, kw_only=True)
class InstitutionFacts:
    """What an institution is, where it is and for whom it works.

    :param jurisdiction_codes: codes of regions and local governments, for the scope ``regions``.
    """

    name_ko: str
    name_en: str | None = None
    institution_type: str
    scope: str
    jurisdiction_codes: tuple[str, ...] = ()
    site: Position
    site_address: str | None = None


OWN_FACTS = frozenset({"name_en", "site_address"})
"""What an institution keeps up itself; the rest decides who gets what, and so is not its own."""

PLACING_FACTS = frozenset({"scope", "jurisdiction_codes", "site"})
"""What is checked against the boundaries."""


def register_institution(
    session: Session,
    *,
    facts: InstitutionFacts,
    actor_id: UUID | None,
    now: datetime,
    is_synthetic: bool = False,
) -> Institution:
    """Register a public body that can pilot products.

    :param is_synthetic: made up for a demonstration, and shown as such.
    :raises TypeAndScopeDiffer: when only one of type and scope is ``overseas``.
    :raises Invalid: when site or jurisdiction are wrong, as `sites` names it.
    """
    placing = _check(session, facts)
    organization = _organization("institution", facts.name_ko, facts.name_en, now, is_synthetic)
    institution = Institution(organization=organization, organization_id=organization.id)
    _write(institution, facts)
    _place(institution, placing)
    session.add(institution)
    record(
        session,
        action="institution.registered",
        subject_type="institution",
        subject_id=organization.id,
        actor_id=actor_id,
        now=now,
        chain=str(organization.id),
        data={"institution_type": facts.institution_type, "scope": facts.scope},
    )
    return institution


def edit_institution(
    session: Session,
    *,
    organization_id: UUID,
    changes: dict[str, Any],
    may_classify: bool,
    actor_id: UUID,
    now: datetime,
) -> Institution:
    """Change facts of an institution.

    :param changes: new values of fields of `InstitutionFacts`; the others stay.
    :param may_classify: whether the caller may change more than `OWN_FACTS`.
    :raises InstitutionNotFound: when there is no such institution.
    :raises OrganizationClosed: when it exists no more.
    :raises InstitutionFactReserved: when the caller may not change one of the facts.
    :raises TypeAndScopeDiffer: when only one of type and scope is ``overseas``.
    :raises Invalid: when site or jurisdiction are wrong, as `sites` names it.
    """
    institution = _lock_institution(session, organization_id)
    before = facts_of(institution)
    facts = replace(before, **changes)
    changed = {
        field.name
        for field in fields(facts)
        if getattr(facts, field.name) != getattr(before, field.name)
    }
    if not changed:
        return institution
    if not may_classify and changed - OWN_FACTS:
        raise InstitutionFactReserved
    if changed & PLACING_FACTS:
        _place(institution, _check(session, facts))
    else:
        _check_type(facts)
    _write(institution, facts)
    record(
        session,
        action="institution.edited",
        subject_type="institution",
        subject_id=organization_id,
        actor_id=actor_id,
        now=now,
        chain=str(organization_id),
        data={"changed": sorted(changed)},
    )
    return institution


def register_supplier(
    session: Session,
    *,
    name_ko: str,
    name_en: str | None = None,
    business_number: str,
    actor_id: UUID | None,
    now: datetime,
    is_synthetic: bool = False,
) -> Supplier:
    """Register a company that supplies products.

    :param business_number: business registration number, grouped or not.
    :param is_synthetic: made up for a demonstration, and shown as such.
    :raises BusinessNumberInvalid: when it is no such number.
    :raises BusinessNumberTaken: when a supplier has it already.
    """
    try:
        digits = normalize_business_number(business_number)
    except InvalidBusinessNumber as exc:
        raise BusinessNumberInvalid(field="json.business_number") from exc
    organization = _organization("supplier", name_ko, name_en, now, is_synthetic)
    supplier = Supplier(
        organization=organization, organization_id=organization.id, business_number=digits
    )
    taken = BusinessNumberTaken(field="json.business_number")
    with conflict_on(session, uq_supplier_business_number=taken):
        session.add(supplier)
    record(
        session,
        action="supplier.registered",
        subject_type="supplier",
        subject_id=organization.id,
        actor_id=actor_id,
        now=now,
        chain=str(organization.id),
    )
    return supplier


def facts_of(institution: Institution) -> InstitutionFacts:
    """Return what is known of an institution."""
    return InstitutionFacts(
        name_ko=institution.organization.name_ko,
        name_en=institution.organization.name_en,
        institution_type=institution.institution_type,
        scope=institution.scope,
        jurisdiction_codes=tuple(institution.jurisdiction_codes),
        site=institution.site,
        site_address=institution.site_address,
    )


def _lock_institution(session: Session, organization_id: UUID) -> Institution:
    institution = session.scalar(
        select(Institution)
        .where(Institution.organization_id == organization_id)
        .with_for_update(of=Institution)
        .execution_options(populate_existing=True)
    )
    if institution is None:
        raise InstitutionNotFound
    if institution.organization.closed_at is not None:
        raise OrganizationClosed(organization=institution.organization.name_ko)
    return institution


def _check(session: Session, facts: InstitutionFacts) -> Placing:
    _check_type(facts)
    placing = place_site(session, facts.site, scope=facts.scope)
    check_jurisdiction(session, facts.jurisdiction_codes, scope=facts.scope)
    return placing


def _check_type(facts: InstitutionFacts) -> None:
    if (facts.institution_type == "overseas") != (facts.scope == "overseas"):
        raise TypeAndScopeDiffer(field="json.scope")


def _write(institution: Institution, facts: InstitutionFacts) -> None:
    institution.organization.name_ko = facts.name_ko
    institution.organization.name_en = facts.name_en
    institution.institution_type = facts.institution_type
    institution.scope = facts.scope
    institution.jurisdiction_codes = list(facts.jurisdiction_codes)
    institution.site_address = facts.site_address
    if institution.site_geom is None or institution.site != facts.site:
        institution.site_geom = from_shape(Point(*facts.site), srid=SRID_WGS84)


def _place(institution: Institution, placing: Placing) -> None:
    institution.site_emd_code = placing.emd_code
    institution.local_government_code = placing.local_government_code
    institution.generation_id = placing.generation_id


def _organization(
    kind: str, name_ko: str, name_en: str | None, now: datetime, is_synthetic: bool
) -> Organization:
    return Organization(
        id=new_id(),
        kind=kind,
        name_ko=name_ko,
        name_en=name_en,
        created_at=now,
        is_synthetic=is_synthetic,
    )
