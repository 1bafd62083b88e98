"""Owns how the place of a proposal is found and what of it is stored for the public."""

from dataclasses import dataclass
from typing import Any

from geoalchemy2.shape import from_shape
from shapely import Point
from sqlalchemy.orm import Session

from backend.errors import Invalid, Unavailable
from backend.proposals.models import Proposal
from geo.disclosure import public_point
from geo.orm import SRID_WGS84
from geo.regions import (
    InvalidCoordinates,
    NoActiveGeneration,
    Region,
    SwappedAxes,
    find_region,
    locate,
)

EMD_DIGITS = 8


class CoordinatesSwapped(Invalid):
    """The position lies in Korea only when its two numbers change places."""

    code = "coordinates_swapped"
    ko = (
        "경도와 위도가 서로 바뀐 것 같습니다. lon에는 경도({lat}), lat에는 위도({lon})를 넣어"
        " 주세요."
    )
    en = (
        "Longitude and latitude seem to be swapped: put {lat} into lon (longitude) and {lon} into"
        " lat (latitude)."
    )


class PointOutsideKorea(Invalid):
    """No neighbourhood of Korea owns the point."""

    code = "point_outside_korea"
    ko = "지점이 바다 위이거나 대한민국 밖입니다. 지도에서 육지의 지점을 골라 주세요."
    en = "The point lies in the sea or outside Korea. Pick a point on land in Korea."


class UnknownRegion(Invalid):
    """No region in force has that code."""

    code = "region_unknown"
    ko = "현재 행정구역에 없는 코드입니다."
    en = "No region in force has this code."


class RegionTooCoarse(Invalid):
    """A proposal is about a neighbourhood; a city or a province is not enough."""

    code = "region_too_coarse"
    ko = "장소는 읍·면·동까지 골라 주세요."
    en = "Give the place down to the neighbourhood (eup, myeon or dong)."


class BoundariesMissing(Unavailable):
    """The installation has no boundaries to look a point up in."""

    code = "boundaries_not_loaded"
    ko = "행정구역 경계가 아직 준비되지 않았습니다."
    en = "The boundaries of the regions are not loaded yet."


@dataclass(frozen=True, slots=True)
class Place:
    """Everything that is stored of a place; `geom` is None where no point was given."""

    geom: Any | None
    accuracy_m: float | None
    public_geom: Any
    emd_code: str
    sigungu_code: str
    local_government_code: str
    generation_id: int

    def put_on(self, proposal: Proposal) -> None:
        """Store the place on a proposal, in place of the one before it."""
        proposal.geom = self.geom
        proposal.accuracy_m = self.accuracy_m
        proposal.public_geom = self.public_geom
        proposal.emd_code = self.emd_code
        proposal.sigungu_code = self.sigungu_code
        proposal.local_government_code = self.local_government_code
        proposal.generation_id = self.generation_id


def place_of_point(
    session: Session, *, lon: float, lat: float, accuracy_m: float | None = None
) -> Place:
    """Find the neighbourhood and the local government of a point.

    :param lon: longitude in degrees, WGS 84.
    :param lat: latitude in degrees, WGS 84.
    :param accuracy_m: radius of the position's uncertainty in metres, as phones tell it.
    :raises CoordinatesSwapped: when the pair is evidently (lat, lon).
    :raises PointOutsideKorea: when no neighbourhood owns the point.
    :raises BoundariesMissing: when no boundaries are loaded.
    """
    try:
        location = locate(session, lon, lat, border_m=0)
    except SwappedAxes as exc:
        raise CoordinatesSwapped(field="json.location", lon=lon, lat=lat) from exc
    except InvalidCoordinates as exc:
        raise PointOutsideKorea(field="json.location") from exc
    except NoActiveGeneration as exc:
        raise BoundariesMissing from exc
    if location is None:
        raise PointOutsideKorea(field="json.location")
    return _place(
        location.emd, _point(*public_point(lon, lat)), geom=_point(lon, lat), accuracy_m=accuracy_m
    )


def place_of_region(session: Session, *, region_code: str) -> Place:
    """Take a whole neighbourhood as the place; its label point stands for it.

    :param region_code: eight digits of an eup, myeon or dong.
    :raises UnknownRegion: when no region in force has the code.
    :raises RegionTooCoarse: when it is a city or a province.
    """
    region = find_region(session, region_code)
    if region is None:
        raise UnknownRegion(field="json.region_code")
    if len(region.code) != EMD_DIGITS:
        raise RegionTooCoarse(field="json.region_code")
    return _place(region, _point(region.lon, region.lat))


def _place(
    emd: Region, public_geom: Any, *, geom: Any | None = None, accuracy_m: float | None = None
) -> Place:
    return Place(
        geom=geom,
        accuracy_m=accuracy_m,
        public_geom=public_geom,
        emd_code=emd.code,
        sigungu_code=emd.code[:5],
        local_government_code=emd.local_government_code,
        generation_id=emd.generation_id,
    )


def _point(lon: float, lat: float) -> Any:
    return from_shape(Point(lon, lat), srid=SRID_WGS84)
