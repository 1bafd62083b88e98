"""Owns which neighbourhoods a position may be in, phones and geocoders being what they are."""

from collections.abc import Sequence
from dataclasses import dataclass

from backend.regions.errors import CoordinatesInvalid, CoordinatesSwapped, PointOutsideKorea
from backend.regions.geocoding import Hit
from backend.regions.service import locate
from geo.orm import Executor
from geo.regions import Location
from geo.regions.locate import BORDER_M


@dataclass(frozen=True, slots=True)
class FoundPlace:
    """A place that a geocoder found, and where it lies."""

    hit: Hit
    location: Location


def nearby_codes(
    conn: Executor, *, lon: float, lat: float, within_m: float, field: str
) -> frozenset[str]:
    """Return the neighbourhoods that a drifting position may be in: its owner's, and those near.

    :param lon: longitude in degrees, WGS 84.
    :param lat: latitude in degrees, WGS 84.
    :param within_m: radius of the position's uncertainty in metres; `BORDER_M` at least.
    :param field: path of the position in the request, for the problem document.
    :raises CoordinatesSwapped, CoordinatesInvalid, PointOutsideKorea: as `locate` does.
    """
    located = locate(conn, lon=lon, lat=lat, field=field, border_m=max(BORDER_M, within_m))
    return frozenset([located.emd.code, *(near.region.code for near in located.border)])


def place_hits(conn: Executor, hits: Sequence[Hit]) -> list[FoundPlace]:
    """Return the geocoder's places that lie in Korea, each with its neighbourhood.

    :raises BoundariesNotLoaded: when there are no boundaries.
    """
    places = []
    for hit in hits:
        try:
            places.append(FoundPlace(hit, locate(conn, lon=hit.lon, lat=hit.lat)))
        except (PointOutsideKorea, CoordinatesInvalid, CoordinatesSwapped):
            # A geocoder knows the world; only what somebody can propose for is shown.
            continue
    return places
