"""Owns the made-up people of the demonstration, and the password that all of them share."""

import json
import secrets
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from backend.accounts.consents.service import required_documents
from backend.accounts.models import Account
from backend.accounts.passwords import hash_password
from backend.accounts.service import register_account
from backend.auth.identity import Role
from backend.organizations.governments import ensure_procurement_service
from backend.organizations.memberships import grant
from backend.organizations.models import Organization
from backend.organizations.queries import get_local_government_organization
from backend.organizations.service import register_supplier

DOMAIN = "demo.dongne.example"
"""A domain that exists nowhere (RFC 2606)."""

FILE = "demo-logins.json"

BORN_ON = date(1990, 1, 1)
"""Everybody is of age."""

BUSINESS_NUMBER = "000-00-00015"
"""Its check digit is right, and no tax office has the number 000."""


@dataclass(slots=True)
class Cast:
    """Who is there, and who to sign in as.

    :param logins: address by role, one for each.
    """

    password: str
    logins: dict[str, str] = field(default_factory=dict)

    def add(
        self, session: Session, name: str, display_name: str, now: datetime, role: str | None = None
    ) -> UUID:
        """Register somebody made up; the first of a role becomes its login."""
        address = f"{name}@{DOMAIN}"
        account = register_account(
            session,
            email=address,
            password=self.password,
            display_name=display_name,
            now=now,
            born_on=BORN_ON,
            consents=[
                {"document": one.key, "version": one.version, "agreed": True}
                for one in required_documents(now)
            ],
            is_synthetic=True,
        )
        if role is not None:
            self.logins.setdefault(role, address)
        return account.id

    def employ(
        self,
        session: Session,
        account_id: UUID,
        organization_id: UUID,
        role: Role,
        now: datetime,
    ) -> None:
        """Let somebody work for an organization."""
        grant(
            session,
            account_id=account_id,
            organization_id=organization_id,
            role=role,
            granted_by=None,
            now=now,
        )


@dataclass(frozen=True, slots=True)
class Officers:
    """The procurement service's people: one sets up and runs, the other approves."""

    first: UUID
    second: UUID


def hire_procurement_service(session: Session, cast: Cast, now: datetime) -> Officers:
    """Give the procurement service three officers, an auditor and an administrator.

    The third has no part in the plan and may decide objections to it.
    """
    service = ensure_procurement_service(session, now=now)
    found: dict[str, UUID] = {}
    for name, display_name, role in (
        ("officer", "조달청 담당자 (가상)", Role.OFFICER),
        ("officer2", "조달청 승인자 (가상)", Role.OFFICER),
        ("officer3", "조달청 이의신청 심사자 (가상)", Role.OFFICER),
        ("auditor", "감사 담당자 (가상)", Role.AUDITOR),
        ("admin", "관리자 (가상)", Role.ADMIN),
    ):
        found[name] = cast.add(session, name, display_name, now, role=name)
        cast.employ(session, found[name], service.id, role, now)
    return Officers(found["officer"], found["officer2"])


def hire_manager(session: Session, cast: Cast, code: str, now: datetime) -> UUID:
    """Give a local government somebody who reviews, ranks and invites."""
    organization = get_local_government_organization(session, code)
    display_name = f"{organization.name_ko} 팀장 (가상)"
    account_id = cast.add(session, f"manager-{code}", display_name, now, role="manager")
    cast.employ(session, account_id, organization.id, Role.MANAGER, now)
    return account_id


def hire_reviewer(session: Session, cast: Cast, code: str, now: datetime) -> None:
    """Give a local government somebody who reviews."""
    organization = get_local_government_organization(session, code)
    display_name = f"{organization.name_ko} 담당자 (가상)"
    account_id = cast.add(session, f"reviewer-{code}", display_name, now, role="reviewer")
    cast.employ(session, account_id, organization.id, Role.REVIEWER, now)


def hire_applicant(session: Session, cast: Cast, organization: Organization, now: datetime) -> None:
    """Give an institution somebody who applies for it and hears what came of it."""
    account_id = cast.add(session, "applicant", f"{organization.name_ko} 담당자", now, "applicant")
    cast.employ(session, account_id, organization.id, Role.APPLICANT, now)


def found_supplier(session: Session, cast: Cast, now: datetime) -> UUID:
    """Register the company that supplies every sample product; return its organization."""
    supplier = register_supplier(
        session,
        name_ko="동네혁신 (가상)",
        name_en="Neighbourhood Innovations (synthetic)",
        business_number=BUSINESS_NUMBER,
        actor_id=None,
        now=now,
        is_synthetic=True,
    )
    account_id = cast.add(session, "supplier", "동네혁신 담당자 (가상)", now, "supplier")
    cast.employ(session, account_id, supplier.organization_id, Role.SUPPLIER, now)
    return supplier.organization_id


def draw_password() -> str:
    """Return a new password that can be read aloud."""
    return "-".join(secrets.token_hex(2) for _ in range(4))


def keep_logins(cast: Cast, var_dir: Path) -> None:
    """Write the logins where only the owner of the installation reads them."""
    var_dir.mkdir(parents=True, exist_ok=True)
    path = var_dir / FILE
    path.touch(mode=0o600)
    path.chmod(0o600)
    facts = {"password": cast.password, "logins": cast.logins}
    path.write_text(json.dumps(facts, ensure_ascii=False, indent=1), encoding="utf-8")


def read_logins(var_dir: Path) -> Cast | None:
    """Return the logins of the demonstration, or None when they are not kept here."""
    try:
        facts = json.loads((var_dir / FILE).read_text(encoding="utf-8"))
        return Cast(facts["password"], facts["logins"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def renew_password(session: Session) -> Cast:
    """Give everybody made up a new password, and return the logins by who works as what."""
    cast = Cast(draw_password())
    session.execute(
        update(Account)
        .where(Account.is_synthetic)
        .values(password_hash=hash_password(cast.password))
    )
    emails = session.scalars(
        select(Account.email).where(Account.is_synthetic).order_by(Account.id)
    ).all()
    for email in filter(None, emails):
        cast.logins.setdefault(email.split("@")[0].split("-")[0], email)
    return cast
