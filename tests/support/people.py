"""Owns the people and bodies of the tests, written as rows: fast, committed, without HTTP.

Everybody's password is `PASSWORD`. What a function needs and a test does not care about has a
default; organizations of local governments are made the first time somebody works there.
"""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from geoalchemy2.shape import from_shape
from shapely import Point
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.accounts.consents.models import Consent
from backend.accounts.consents.service import required_documents
from backend.accounts.models import Account, Residence, SignIn
from backend.accounts.tokens import Caller
from backend.auth.identity import Role
from backend.db import new_id
from backend.organizations.models import Institution, Membership, Organization, Supplier
from geo.boundaries.localgov import current_governments
from geo.regions import get_region

PASSWORD = "correct horse battery"
SALT = "eDF7zppXYfotfOdDWGoN5A"
_PASSWORD_HASH = (
    f"$argon2id$v=19$m=19456,t=2,p=1${SALT}$2pf497fNWyEWWAOR+7NBZDgcSl7kt32CG8WLrgM90gA"
)
"""Made once with the application's own parameters: hashing anew would slow every test down."""

BEFORE = datetime(2026, 1, 5, 0, 0, tzinfo=UTC)
"""When everybody and everything here was made: months before the tests begin."""

AGREED: dict[str, Any] = {
    "born_on": "1990-01-01",
    "consents": [
        {"document": one.key, "version": one.version, "agreed": True}
        for one in required_documents(BEFORE)
    ],
}
"""What somebody of age says beside their address to `POST /accounts`, so that they may propose."""

_numbers = count(1)

CITY_HALL = (126.9779, 37.5663)
"""(lon, lat) of Seoul City Hall, in `CITY_HALL_EMD`."""
CITY_HALL_EMD = "11140103"
"""서울특별시 중구 태평로1가, in the local government 11140."""


def register(
    session: Session,
    *,
    email: str | None = None,
    display_name: str = "홍길동",
    residence: str | None = None,
    is_ready: bool = True,
    guardian_needed_until: date | None = None,
    now: datetime = BEFORE,
) -> Account:
    """Make a person who can sign in with `PASSWORD`, and commit.

    :param email: lower case; a new one when not given.
    :param residence: eight digits of the emd that the person declared to live in.
    :param is_ready: whether they agreed to what is required and declared their age.
    :param guardian_needed_until: of a child, the day on which it turns fourteen.
    """
    account = Account(
        id=new_id(),
        email=email or f"person{next(_numbers)}@example.com",
        display_name=display_name,
        password_hash=_PASSWORD_HASH,
        created_at=now,
        age_declared_at=now if is_ready else None,
        guardian_needed_until=guardian_needed_until,
    )
    session.add(account)
    session.flush()
    if is_ready:
        session.add_all(
            Consent(
                account_id=account.id,
                document=one.key,
                version=one.version,
                agreed=True,
                decided_at=now,
            )
            for one in required_documents(BEFORE)
        )
    if residence is not None:
        region = get_region(session, residence)
        session.add(
            Residence(
                id=new_id(),
                account_id=account.id,
                region_code=region.code,
                generation_id=region.generation_id,
                declared_at=now,
            )
        )
    session.commit()
    return account


def make_sign_in(session: Session, account: Account, *, now: datetime = BEFORE) -> Caller:
    """Make a sign-in that is on, and commit; returned is what its access tokens say."""
    sign_in = SignIn(
        id=new_id(),
        account_id=account.id,
        device_id=new_id(),
        first_seen_on=now.date(),
        last_seen_on=now.date(),
        started_at=now,
        expires_at=now + timedelta(days=3650),
    )
    session.add(sign_in)
    session.commit()
    return Caller(account.id, sign_in.id)


def make_reviewer(
    session: Session,
    local_government_code: str,
    email: str | None = None,
    *,
    role: Role = Role.REVIEWER,
    now: datetime = BEFORE,
) -> Account:
    """Make a person who reviews for a local government (`role=Role.MANAGER`: manages it)."""
    government = local_government_organization(session, local_government_code, now=now)
    return make_member(session, government.id, role, email, now=now)


def make_officer(session: Session, email: str | None = None, *, now: datetime = BEFORE) -> Account:
    """Make an officer of the Public Procurement Service."""
    return make_member(
        session, procurement_service(session, now=now).id, Role.OFFICER, email, now=now
    )


def make_admin(session: Session, email: str | None = None, *, now: datetime = BEFORE) -> Account:
    """Make somebody who keeps organizations and their first staff."""
    return make_member(
        session, procurement_service(session, now=now).id, Role.ADMIN, email, now=now
    )


def make_auditor(session: Session, email: str | None = None, *, now: datetime = BEFORE) -> Account:
    """Make somebody who reads plans and the audit chain."""
    return make_member(
        session, procurement_service(session, now=now).id, Role.AUDITOR, email, now=now
    )


def make_applicant(
    session: Session, institution: Institution, email: str | None = None, *, now: datetime = BEFORE
) -> Account:
    """Make a person who applies on behalf of an institution."""
    return make_member(session, institution.organization_id, Role.APPLICANT, email, now=now)


def make_member(
    session: Session,
    organization_id: UUID,
    role: Role,
    email: str | None = None,
    *,
    now: datetime = BEFORE,
) -> Account:
    """Make a person with a role at an organization, and commit."""
    account = register(session, email=email, now=now)
    session.add(
        Membership(
            id=new_id(),
            account_id=account.id,
            organization_id=organization_id,
            role=role.value,
            granted_at=now,
        )
    )
    session.commit()
    return account


def make_institution(
    session: Session,
    *,
    name_ko: str = "중구보건소",
    institution_type: str = "health_centre",
    scope: str = "regions",
    site: tuple[float, float] = CITY_HALL,
    emd_code: str = CITY_HALL_EMD,
    jurisdiction_codes: list[str] | None = None,
    now: datetime = BEFORE,
) -> Institution:
    """Make a body in Korea that can pilot, and commit.

    :param site: (lon, lat), in the emd of `emd_code`; that is not checked here.
    :param jurisdiction_codes: the local government of the site by default, for `regions`.
    """
    government = current_governments().of_region(emd_code).code
    if jurisdiction_codes is None:
        jurisdiction_codes = [government] if scope == "regions" else []
    organization = make_organization(session, "institution", name_ko, now)
    institution = Institution(
        organization_id=organization.id,
        institution_type=institution_type,
        scope=scope,
        jurisdiction_codes=jurisdiction_codes,
        site_geom=from_shape(Point(*site), srid=4326),
        site_emd_code=emd_code,
        local_government_code=government,
        generation_id=get_region(session, emd_code).generation_id,
    )
    session.add(institution)
    session.commit()
    return institution


def make_overseas_institution(
    session: Session,
    *,
    name_ko: str = "하노이 시립병원",
    site: tuple[float, float] = (105.8542, 21.0285),
    now: datetime = BEFORE,
) -> Institution:
    """Make a body abroad that can pilot, and commit."""
    organization = make_organization(session, "institution", name_ko, now)
    institution = Institution(
        organization_id=organization.id,
        institution_type="overseas",
        scope="overseas",
        jurisdiction_codes=[],
        site_geom=from_shape(Point(*site), srid=4326),
        generation_id=get_region(session, CITY_HALL_EMD).generation_id,
    )
    session.add(institution)
    session.commit()
    return institution


def make_supplier(
    session: Session,
    *,
    name_ko: str = "동네기술",
    business_number: str = "1234567891",
    now: datetime = BEFORE,
) -> Supplier:
    """Make a company that supplies products, and commit."""
    organization = make_organization(session, "supplier", name_ko, now)
    supplier = Supplier(organization_id=organization.id, business_number=business_number)
    session.add(supplier)
    session.commit()
    return supplier


def local_government_organization(
    session: Session, code: str, *, now: datetime = BEFORE
) -> Organization:
    """Return the organization of a local government (such as 11140), made if need be."""
    statement = select(Organization).where(Organization.local_government_code == code)
    return session.scalar(statement) or make_organization(
        session, "local_government", _full_name(code), now, local_government_code=code
    )


def procurement_service(session: Session, *, now: datetime = BEFORE) -> Organization:
    """Return the Public Procurement Service, made if need be."""
    statement = select(Organization).where(Organization.kind == "procurement_service")
    return session.scalar(statement) or make_organization(
        session, "procurement_service", "조달청", now
    )


def make_organization(
    session: Session, kind: str, name_ko: str, now: datetime, **facts: str
) -> Organization:
    """Make an organization of a kind, without the facts that some kinds have besides."""
    organization = Organization(id=new_id(), kind=kind, name_ko=name_ko, created_at=now, **facts)
    session.add(organization)
    session.commit()
    return organization


def _full_name(code: str) -> str:
    governments = current_governments().by_code
    government = governments[code]
    above = governments[government.upper_code].name + " " if government.upper_code else ""
    return above + government.name
