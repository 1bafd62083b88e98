"""Owns how the place of a proposal is found and what of it is stored for the public."""

from dataclasses import dataclass
from typing import Any

from geoalchemy2.shape import from_shape
from shapely import Point
from sqlalchemy.orm import Session

from backend.proposals.models import Proposal
from backend.regions import service as regions
from geo.disclosure import public_point
from geo.orm import SRID_WGS84
from geo.regions import Region
from geo.regions.codes import SIGUNGU_DIGITS


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
    :raises CoordinatesInvalid: when it is no place on earth.
    :raises PointOutsideKorea: when no neighbourhood owns the point.
    :raises BoundariesNotLoaded: when no boundaries are loaded.
    """
    location = regions.locate(session, lon=lon, lat=lat, field="json.location")
    return _place(
        location.emd, _point(*public_point(lon, lat)), geom=_point(lon, lat), accuracy_m=accuracy_m
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


def _place(
    emd: Region, public_geom: Any, *, geom: Any | None = None, accuracy_m: float | None = None
) -> Place:
    return Place(
        geom=geom,
        accuracy_m=accuracy_m,
        public_geom=public_geom,
        emd_code=emd.code,
        sigungu_code=emd.code[:SIGUNGU_DIGITS],
        local_government_code=emd.local_government_code,
        generation_id=emd.generation_id,
    )


def _point(lon: float, lat: float) -> Any:
    return from_shape(Point(lon, lat), srid=SRID_WGS84)
