"""Owns the organizations that nobody registers: local governments and the procurement service."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from backend.audit.service import record
from backend.db import new_id
from backend.organizations.models import Organization
from backend.organizations.queries import find_procurement_service
from geo.regions import LocalGovernment, active_generation, list_local_governments


@dataclass(frozen=True, slots=True)
class Changes:
    """What a comparison with the boundaries changed, as numbers of local governments."""

    present: int
    created: int
    renamed: int
    reopened: int
    closed: int

    @property
    def any(self) -> bool:
        """Tell whether something changed."""
        return bool(self.created or self.renamed or self.reopened or self.closed)


def ensure_local_governments(session: Session, *, now: datetime) -> Changes:
    """Have one organization for each local government of the boundaries in force.

    One whose government has vanished is closed and kept: its decisions and staff hang on it.

    :raises NoActiveGeneration: when no boundaries are loaded.
    """
    _one_at_a_time(session)
    generation = active_generation(session)
    governments = {government.code: government for government in list_local_governments(session)}
    known = {
        organization.local_government_code: organization
        for organization in session.scalars(
            select(Organization).where(Organization.kind == "local_government")
        )
    }
    missing = [government for code, government in governments.items() if code not in known]
    session.add_all(_organization(government, now) for government in missing)
    renamed = reopened = closed = 0
    for code, organization in known.items():
        government = governments.get(code or "")
        if government is None:
            closed += organization.closed_at is None
            organization.closed_at = organization.closed_at or now
            continue
        reopened += organization.closed_at is not None
        organization.closed_at = None
        renamed += organization.name_ko != government.full_name
        organization.name_ko = government.full_name
    changes = Changes(len(governments), len(missing), renamed, reopened, closed)
    if changes.any:
        record(
            session,
            action="local_governments.aligned",
            subject_type="region_generation",
            subject_id=str(generation.id),
            actor_id=None,
            now=now,
            data={
                "created": changes.created,
                "renamed": renamed,
                "reopened": reopened,
                "closed": closed,
            },
        )
    return changes


def ensure_procurement_service(session: Session, *, now: datetime) -> Organization:
    """Return the organization of the Public Procurement Service (조달청), made if need be."""
    _one_at_a_time(session)
    organization = find_procurement_service(session)
    if organization is not None:
        return organization
    organization = Organization(
        id=new_id(),
        kind="procurement_service",
        name_ko="조달청",
        name_en="Public Procurement Service",
        created_at=now,
    )
    session.add(organization)
    record(
        session,
        action="organization.registered",
        subject_type="organization",
        subject_id=organization.id,
        actor_id=None,
        now=now,
        chain=str(organization.id),
        data={"kind": organization.kind},
    )
    return organization


def _organization(government: LocalGovernment, now: datetime) -> Organization:
    return Organization(
        id=new_id(),
        kind="local_government",
        name_ko=government.full_name,
        local_government_code=government.code,
        created_at=now,
    )


def _one_at_a_time(session: Session) -> None:
    """Wait for whoever else looks what is missing, so that nothing is made twice."""
    session.execute(text("SELECT pg_advisory_xact_lock(hashtext('dongne_organizations'))"))
