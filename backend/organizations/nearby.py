"""Owns finding the institutions near a point."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from backend.organizations.models import Institution, Organization
from backend.regions.positions import position_checked
from geo.proximity import Places, Within, count_within, find_nearest


@dataclass(frozen=True, slots=True)
class NearInstitution:
    """An institution and how far its site is, in metres."""

    institution: Institution
    distance_m: float


@dataclass(frozen=True, slots=True)
class NearestInstitutions:
    """The nearest institutions, and how many there are within some distances."""

    items: Sequence[NearInstitution]
    bands: Sequence[Within]


def find_nearest_institutions(
    session: Session,
    *,
    lon: float,
    lat: float,
    radius_m: float,
    institution_type: str | None,
    limit: int,
    bands_m: Sequence[float] = (),
) -> NearestInstitutions:
    """Return the institutions of today nearest to a point, the nearest first, ties by id.

    :param lon: longitude in degrees, WGS 84.
    :param lat: latitude in degrees, WGS 84.
    :param radius_m: how far at most.
    :param institution_type: only of that type.
    :param limit: at most so many.
    :param bands_m: distances in metres within which all are counted, whatever the limit.
    :raises CoordinatesSwapped: when the pair is evidently (lat, lon).
    :raises CoordinatesInvalid: when it is no place on earth.
    :raises PointOutsideKorea: when it is not in or around Korea.
    """
    places = places_of(institution_type)
    with position_checked(lon, lat):
        near = find_nearest(session, places, lon, lat, radius_m=radius_m, limit=limit)
        bands = count_within(session, places, lon, lat, distances_m=bands_m)
    statement = select(Institution).where(
        Institution.organization_id.in_([found.id for found in near])
    )
    institutions = {row.organization_id: row for row in session.scalars(statement)}
    return NearestInstitutions(
        [NearInstitution(institutions[found.id], found.distance_m) for found in near], bands
    )


def places_of(institution_type: str | None) -> Places:
    """Return the institutions of today as what is looked for near a point.

    :param institution_type: only of that type; None means of any.
    """
    criteria: list[ColumnElement[bool]] = [
        Organization.id == Institution.organization_id,
        Organization.closed_at.is_(None),
    ]
    if institution_type is not None:
        criteria.append(Institution.institution_type == institution_type)
    return Places(Institution.organization_id, Institution.site_geom_5179, criteria)
