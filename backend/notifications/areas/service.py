"""Owns the rules of following areas, and the entry by which domains tell of public events."""

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
from backend.jobs.outbox import defer
from backend.notifications.areas.circles import Circle
from backend.notifications.areas.models import AreaEvent, AreaSubscription
from backend.notifications.groups import KINDS_OF, Group
from backend.notifications.texts import render
from backend.regions import service as regions
from backend.regions.errors import RegionUnknown
from backend.translations import LANGUAGES
from geo.orm import SRID_WGS84
from geo.regions import find_region
from geo.regions.codes import SIGUNGU_DIGITS

TASK = "notifications.tell_area"

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


def follow_circle(
    session: Session, *, account_id: UUID, lon: float, lat: float, radius_m: int, now: datetime
) -> AreaSubscription:
    """Follow what happens around a point, of which the grid cell alone is kept.

    The same circle again changes nothing.

    :param lon: longitude in degrees, WGS 84.
    :param lat: latitude in degrees, WGS 84.
    :raises CoordinatesSwapped, CoordinatesInvalid, PointOutsideKorea: for a point elsewhere.
    :raises TooManyAreas: when the person follows as many as one can.
    """
    regions.find_owner(session, lon=lon, lat=lat, field="json.circle")
    circle = Circle.around(lon, lat, radius_m)
    area = AreaSubscription(
        id=new_id(),
        account_id=account_id,
        centre=_point(circle.lon, circle.lat),
        radius_m=radius_m,
        bounds=from_shape(shapely.box(*circle.bounds), srid=SRID_WGS84),
        created_at=now,
    )
    return _follow(session, area, now)


def follow_region(
    session: Session, *, account_id: UUID, region_code: str, now: datetime
) -> AreaSubscription:
    """Follow what happens in a region; the same one again changes nothing.

    :param region_code: of a sigungu or an emd.
    :raises RegionUnknown: when no region in force has the code.
    :raises AreaTooLarge: when it is a province.
    :raises TooManyAreas: when the person follows as many as one can.
    """
    region = find_region(session, region_code)
    if region is None:
        raise RegionUnknown(field="json.region_code")
    if len(region.code) < SIGUNGU_DIGITS:
        raise AreaTooLarge(field="json.region_code")
    area = AreaSubscription(
        id=new_id(),
        account_id=account_id,
        region_codes=[region.code],
        generation_id=region.generation_id,
        created_at=now,
    )
    return _follow(session, area, now)


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


def announce_nearby(
    session: Session,
    *,
    kind: str,
    subject_type: str,
    subject_id: UUID,
    params: Mapping[str, Any],
    point: tuple[float, float],
    emd_code: str,
    now: datetime,
) -> None:
    """Have those told who follow the place of something public; a job does it after the commit.

    Whoever is told of the same subject at `now` anyhow is not told twice.

    :param kind: of the notice, one of those near somebody.
    :param point: (lon, lat) in degrees that everybody may know; never an exact one.
    :param emd_code: of the neighbourhood, as everybody may know it.
    :raises KeyError: when the kind is none of those, or a parameter of its sentences is missing.
    """
    if kind not in KINDS_OF[Group.NEAR_ME]:
        raise KeyError(kind)
    for language in LANGUAGES:
        render(kind, params, language)
    event = AreaEvent(
        id=new_id(),
        kind=kind,
        subject_type=subject_type,
        subject_id=subject_id,
        params=dict(params),
        geom=_point(*point),
        emd_code=emd_code,
        happened_at=now,
    )
    session.add(event)
    defer(session, TASK, event_id=event.id)


def _follow(session: Session, area: AreaSubscription, now: datetime) -> AreaSubscription:
    lock_account(session, area.account_id)
    present = list_areas(session, area.account_id)
    for one in present:
        if one.circle == area.circle and one.region_codes == area.region_codes:
            return one
    if len(present) >= MOST_AREAS:
        raise TooManyAreas(most=MOST_AREAS)
    session.add(area)
    session.flush()
    _record(session, "area_subscription.made", area, now)
    return area


def _point(lon: float, lat: float) -> Any:
    return from_shape(shapely.Point(lon, lat), srid=SRID_WGS84)


def _record(session: Session, action: str, area: AreaSubscription, now: datetime) -> None:
    record(
        session,
        action=action,
        subject_type="area_subscription",
        subject_id=area.id,
        actor_id=area.account_id,
        now=now,
    )
