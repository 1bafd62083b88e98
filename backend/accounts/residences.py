"""Owns where people declare to live, and what a phone's position says about it.

A residence is a legal dong, never a coordinate. A position that confirms it is looked at once and
forgotten; that it was used stays on record (`LocationUse`).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from backend.accounts.consents.service import ensure_consent, ensure_required_consents
from backend.accounts.models import LocationUse, Residence
from backend.accounts.queries import find_residence, get_residence, lock_account
from backend.audit.service import record
from backend.db import new_id
from backend.errors import Invalid
from backend.pagination import Page, paginate
from backend.regions.nearby import nearby_codes
from backend.regions.service import get_neighbourhood

MOST_UNCERTAINTY_M = 500.0
"""A position that is less exact than this confirms nothing: a dong may be no wider."""


class PositionTooInexact(Invalid):
    """The phone does not know well enough where it is."""

    code = "position_too_inexact"
    ko = (
        "위치가 정확하지 않습니다(오차 {accuracy_m} m). 오차가 {most_m} m 이하일 때 다시 해 주세요."
    )
    en = (
        "The position is not exact enough ({accuracy_m} m). Try again when it is known to"
        " {most_m} m."
    )


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What a position said about the residence on record: `confirmed` or `elsewhere`."""

    result: str
    residence: Residence


def declare_residence(
    session: Session, *, account_id: UUID, region_code: str, now: datetime
) -> Residence:
    """Declare the legal dong where a person lives; the residence before it is kept as history.

    :param region_code: eight digits of an eup, myeon or dong.
    :raises RegionUnknown: when no region in force has the code.
    :raises RegionTooCoarse: when it is a city or a province.
    :raises AccountNotFound: when there is no such person.
    :raises ConsentRequired: when the person has not agreed to what is required.
    """
    region = get_neighbourhood(session, code=region_code, field="json.region_code")
    # A phone that lost the answer sends it again: the two declare one after the other.
    lock_account(session, account_id)
    ensure_required_consents(session, account_id, now)
    current = find_residence(session, account_id)
    if current is not None:
        if current.region_code == region.code and current.generation_id == region.generation_id:
            return current
        current.superseded_at = now
        session.flush()
    residence = Residence(
        id=new_id(),
        account_id=account_id,
        region_code=region.code,
        generation_id=region.generation_id,
        declared_at=now,
    )
    session.add(residence)
    session.flush()
    record(
        session,
        action="residence.declared",
        subject_type="account",
        subject_id=account_id,
        actor_id=account_id,
        now=now,
    )
    return residence


def confirm_residence(
    session: Session, *, account_id: UUID, lon: float, lat: float, accuracy_m: float, now: datetime
) -> Confirmation:
    """Confirm the residence on record by a position, which is not stored.

    A position near the border of the neighbourhood confirms it too: phones drift.

    :param lon: longitude in degrees, WGS 84.
    :param lat: latitude in degrees, WGS 84.
    :param accuracy_m: radius of the position's uncertainty in metres.
    :raises ResidenceNotFound: when none was declared.
    :raises ConsentRequired: when the person has not agreed that positions are used.
    :raises PositionTooInexact: when the uncertainty is beyond `MOST_UNCERTAINTY_M`.
    :raises CoordinatesSwapped, CoordinatesInvalid, PointOutsideKorea: for a bad position.
    """
    if accuracy_m > MOST_UNCERTAINTY_M:
        raise PositionTooInexact(
            field="json.accuracy_m", accuracy_m=round(accuracy_m), most_m=round(MOST_UNCERTAINTY_M)
        )
    lock_account(session, account_id)
    ensure_consent(session, account_id, "location", now)
    residence = get_residence(session, account_id)
    around = nearby_codes(session, lon=lon, lat=lat, within_m=accuracy_m, field="json")
    result = "confirmed" if residence.region_code in around else "elsewhere"
    if result == "confirmed":
        residence.confirmed_at = now
    session.add(
        LocationUse(
            id=new_id(),
            account_id=account_id,
            purpose="residence_confirmation",
            region_code=residence.region_code,
            result=result,
            used_at=now,
        )
    )
    record(
        session,
        action=f"residence.{result}",
        subject_type="account",
        subject_id=account_id,
        actor_id=account_id,
        now=now,
    )
    session.flush()
    return Confirmation(result, residence)


def list_residences(session: Session, *, account_id: UUID, limit: int, after: str | None) -> Page:
    """Return where a person declared to live, the newest declaration first."""
    return paginate(
        session,
        select(Residence).where(Residence.account_id == account_id),
        Residence.declared_at,
        Residence.id,
        limit=limit,
        after=after,
        descending=True,
    )


def list_location_uses(
    session: Session, *, account_id: UUID, limit: int, after: str | None
) -> Page:
    """Return what a person's positions were used for, the newest first."""
    return paginate(
        session,
        select(LocationUse).where(LocationUse.account_id == account_id),
        LocationUse.id,
        limit=limit,
        after=after,
        descending=True,
    )


def forget_location_uses(session: Session, *, kept_days: int, now: datetime) -> int:
    """Delete what is older than the law asks for; return how many."""
    gone = session.execute(
        delete(LocationUse)
        .where(LocationUse.used_at < now - timedelta(days=kept_days))
        .returning(LocationUse.id)
    )
    return len(gone.all())
