"""Owns how the place of a proposal is found and what of it is stored for the public."""

from dataclasses import dataclass, field
from typing import Any

from geoalchemy2.shape import from_shape
from shapely import Point
from sqlalchemy.orm import Session

from backend.errors import Invalid
from backend.proposals.models import Proposal
from backend.regions import service as regions
from geo.disclosure import public_point
from geo.orm import SRID_WGS84
from geo.regions import Region
from geo.regions.codes import SIGUNGU_DIGITS
from geo.regions.locate import BORDER_M

FARTHEST_BORDER_M = 1_000.0
"""However inexact a position is, a neighbourhood farther away than this is not its."""


class RegionNotNearPoint(Invalid):
    """The author confirmed a neighbourhood in which the point cannot lie."""

    code = "region_not_near_point"
    ko = "고르신 동네는 이 지점에서 너무 멉니다. 지점을 옮기거나 가까운 동네를 골라 주세요."
    en = (
        "The neighbourhood that was confirmed is too far from the point. Move the point, or choose"
        " one near it."
    )


@dataclass(frozen=True, slots=True)
class Place:
    """Everything that is stored of a place; `geom` is None where no point was given."""

    geom: Any | None
    public_geom: Any
    emd_code: str
    sigungu_code: str
    local_government_code: str
    generation_id: int
    accuracy_m: float | None = None
    border: list[dict[str, Any]] = field(default_factory=list)
    emd_confirmed: bool = False

    def put_on(self, proposal: Proposal) -> None:
        """Store the place on a proposal, in place of the one before it."""
        proposal.geom = self.geom
        proposal.accuracy_m = self.accuracy_m
        proposal.public_geom = self.public_geom
        proposal.emd_code = self.emd_code
        proposal.sigungu_code = self.sigungu_code
        proposal.local_government_code = self.local_government_code
        proposal.generation_id = self.generation_id
        proposal.border = self.border
        proposal.emd_confirmed = self.emd_confirmed


def place_of_point(
    session: Session,
    *,
    lon: float,
    lat: float,
    accuracy_m: float | None = None,
    confirmed_region_code: str | None = None,
) -> Place:
    """Find the neighbourhood and the local government of a point.

    :param lon: longitude in degrees, WGS 84.
    :param lat: latitude in degrees, WGS 84.
    :param accuracy_m: radius of the position's uncertainty in metres, as phones tell it.
    :param confirmed_region_code: the neighbourhood that the author says it is, eight digits; it
        has to be the point's own or so near that the point may lie there.
    :raises CoordinatesSwapped: when the pair is evidently (lat, lon).
    :raises CoordinatesInvalid: when it is no place on earth.
    :raises PointOutsideKorea: when no neighbourhood owns the point.
    :raises RegionNotNearPoint: when the confirmed neighbourhood is too far away.
    :raises BoundariesNotLoaded: when no boundaries are loaded.
    """
    reach_m = max(BORDER_M, min(accuracy_m or 0.0, FARTHEST_BORDER_M))
    location = regions.locate(session, lon=lon, lat=lat, field="json.location", border_m=reach_m)
    near = {location.emd.code: (location.emd, location.distance_m)} | {
        other.region.code: (other.region, other.distance_m) for other in location.border
    }
    chosen = confirmed_region_code or location.emd.code
    if chosen not in near:
        raise RegionNotNearPoint(field="json.location.confirmed_region_code")
    return _place(
        near[chosen][0],
        _point(*public_point(lon, lat)),
        geom=_point(lon, lat),
        accuracy_m=accuracy_m,
        border=[_candidate(*found) for code, found in near.items() if code != chosen],
        emd_confirmed=confirmed_region_code is not None,
    )


def place_of_region(session: Session, *, region_code: str) -> Place:
    """Take a whole neighbourhood as the place; its label point stands for it.

    :param region_code: eight digits of an eup, myeon or dong.
    :raises RegionUnknown: when no region in force has the code.
    :raises RegionTooCoarse: when it is a city or a province.
    :raises BoundariesNotLoaded: when no boundaries are loaded.
    """
    region = regions.get_neighbourhood(session, code=region_code, field="json.region_code")
    return _place(region, _point(region.lon, region.lat))


def _place(emd: Region, public_geom: Any, *, geom: Any | None = None, **facts: Any) -> Place:
    return Place(
        geom=geom,
        public_geom=public_geom,
        emd_code=emd.code,
        sigungu_code=emd.code[:SIGUNGU_DIGITS],
        local_government_code=emd.local_government_code,
        generation_id=emd.generation_id,
        **facts,
    )


def _candidate(region: Region, distance_m: float) -> dict[str, Any]:
    return {
        "code": region.code,
        "full_name": region.full_name,
        "local_government_code": region.local_government_code,
        "distance_m": distance_m,
    }


def _point(lon: float, lat: float) -> Any:
    return from_shape(Point(lon, lat), srid=SRID_WGS84)
