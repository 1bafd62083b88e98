"""Owns the rules of following areas."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import shapely
from geoalchemy2.shape import from_shape
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.accounts.queries import lock_account
from backend.audit.service import record
from backend.db import new_id
from backend.errors import Conflict, Invalid, NotFound
from backend.notifications.areas.circles import Circle
from backend.notifications.areas.models import AreaSubscription
from backend.regions import service as regions
from backend.regions.errors import RegionUnknown
from geo.orm import SRID_WGS84
from geo.regions import find_region
from geo.regions.codes import SIGUNGU_DIGITS

MOST_AREAS = 10
"""Of one person."""


class AreaSubscriptionNotFound(NotFound):
    """The person follows no such area."""

    code = "area_subscription_not_found"
    ko = "관심 지역을 찾을 수 없습니다."
    en = "There is no such area subscription."


class TooManyAreas(Conflict):
    """Somebody who follows everything is told too much."""

    code = "area_subscriptions_full"
    ko = "관심 지역은 {most}곳까지 등록할 수 있습니다. 하나를 지운 뒤 다시 등록해 주세요."
    en = "You can follow up to {most} areas. Remove one first."


class AreaTooLarge(Invalid):
    """A province is no neighbourhood."""

    code = "area_too_large"
    ko = "시·군·구나 읍·면·동을 골라 주세요."
    en = "Choose a sigungu or an eup, myeon or dong."


def list_areas(session: Session, account_id: UUID) -> Sequence[AreaSubscription]:
    """Return the areas that a person follows, at most `MOST_AREAS`, oldest first."""
    return session.scalars(
        select(AreaSubscription)
        .where(AreaSubscription.account_id == account_id)
        .order_by(AreaSubscription.id)
    ).all()


def follow_area(
    session: Session,
    *,
    account_id: UUID,
    circle: Mapping[str, Any] | None = None,
    region_code: str | None = None,
    now: datetime,
) -> AreaSubscription:
    """Follow what happens in a circle or a region; the same area again changes nothing.

    :param circle: ``lon`` and ``lat`` in degrees, WGS 84, of which the grid cell alone is kept,
        and ``radius_m``.
    :param region_code: of a sigungu or an emd, in place of a circle.
    :raises CoordinatesSwapped, CoordinatesInvalid, PointOutsideKorea: for a point elsewhere.
    :raises RegionUnknown: when no region in force has the code.
    :raises AreaTooLarge: when it is a province.
    :raises TooManyAreas: when the person follows as many as one can.
    """
    wanted = _read_circle(session, **circle) if circle else _read_region(session, region_code or "")
    lock_account(session, account_id)
    present = list_areas(session, account_id)
    for area in present:
        if area.circle == wanted.circle and area.region_codes == wanted.region_codes:
            return area
    if len(present) >= MOST_AREAS:
        raise TooManyAreas(most=MOST_AREAS)
    wanted.id, wanted.account_id, wanted.created_at = new_id(), account_id, now
    session.add(wanted)
    session.flush()
    _record(session, "area_subscription.made", wanted, now)
    return wanted


def unfollow(session: Session, *, account_id: UUID, area_id: UUID, now: datetime) -> None:
    """Follow an area no more; its row is gone at once.

    :raises AreaSubscriptionNotFound: when the person follows no such area.
    """
    area = session.get(AreaSubscription, area_id)
    if area is None or area.account_id != account_id:
        raise AreaSubscriptionNotFound
    session.delete(area)
    session.flush()
    _record(session, "area_subscription.ended", area, now)


def _read_circle(session: Session, *, lon: float, lat: float, radius_m: int) -> AreaSubscription:
    regions.find_owner(session, lon=lon, lat=lat, field="json.circle")
    circle = Circle.around(lon, lat, radius_m)
    return AreaSubscription(
        centre=from_shape(shapely.Point(circle.lon, circle.lat), srid=SRID_WGS84),
        radius_m=radius_m,
        bounds=from_shape(shapely.box(*circle.bounds), srid=SRID_WGS84),
    )


def _read_region(session: Session, code: str) -> AreaSubscription:
    region = find_region(session, code)
    if region is None:
        raise RegionUnknown(field="json.region_code")
    if len(region.code) < SIGUNGU_DIGITS:
        raise AreaTooLarge(field="json.region_code")
    return AreaSubscription(region_codes=[region.code], generation_id=region.generation_id)


def _record(session: Session, action: str, area: AreaSubscription, now: datetime) -> None:
    record(
        session,
        action=action,
        subject_type="area_subscription",
        subject_id=area.id,
        actor_id=area.account_id,
        now=now,
    )
