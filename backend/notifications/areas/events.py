"""Owns the entry by which the domains tell of what happened at a place, for all to know."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import shapely
from geoalchemy2.shape import from_shape
from sqlalchemy.orm import Session

from backend.db import new_id
from backend.jobs.outbox import defer
from backend.notifications.areas.models import AreaEvent
from backend.notifications.groups import KINDS_OF, Group
from backend.notifications.texts import render
from backend.translations import LANGUAGES
from geo.orm import SRID_WGS84

TASK = "notifications.tell_area"


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
        geom=from_shape(shapely.Point(*point), srid=SRID_WGS84),
        emd_code=emd_code,
        happened_at=now,
    )
    session.add(event)
    defer(session, TASK, event_id=event.id)
