"""Owns where an institution is and for which regions it works, checked against the boundaries."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from backend.errors import Invalid
from backend.organizations.models import Position
from backend.regions import service as regions
from backend.regions.errors import PointOutsideKorea
from geo.regions import (
    LocalGovernmentNotFound,
    active_generation,
    find_region,
    get_local_government,
)


class SiteInKorea(Invalid):
    """The site of an overseas institution lies in Korea."""

    code = "site_in_korea"
    ko = "해외 기관의 위치가 국내에 있습니다."
    en = "The site of an overseas institution lies in Korea."


class JurisdictionMissing(Invalid):
    """A body of some regions has to name them."""

    code = "jurisdiction_missing"
    ko = "관할 지역을 하나 이상 골라 주세요."
    en = "Name at least one region of the jurisdiction."


class JurisdictionNotNeeded(Invalid):
    """A body of the whole nation, or of another one, has no regions of its own."""

    code = "jurisdiction_not_needed"
    ko = "전국 단위 기관이나 해외 기관에는 관할 지역을 넣지 않습니다."
    en = "A nationwide or overseas body has no regions of its own: leave them out."


class JurisdictionUnknown(Invalid):
    """A code of the jurisdiction is neither a region nor a local government of today."""

    code = "jurisdiction_unknown"
    ko = "현재 행정구역이나 지방자치단체에 없는 코드입니다: {region_code}"
    en = "No region or local government in force has the code {region_code}."


@dataclass(frozen=True, slots=True)
class Placing:
    """What the boundaries say of a site; overseas there is no emd and no local government."""

    emd_code: str | None
    local_government_code: str | None
    generation_id: int


def place_site(session: Session, site: Position, *, scope: str) -> Placing:
    """Return where a site lies; a site in Korea may stand up to 3 km off the coast.

    :param scope: of the institution; ``overseas`` must not lie in Korea, anything else must.
    :raises CoordinatesSwapped: when the pair is evidently (lat, lon).
    :raises CoordinatesInvalid: when it is no place on earth.
    :raises PointOutsideKorea: when a site in Korea lies at sea or abroad.
    :raises SiteInKorea: when an overseas site lies in Korea.
    :raises BoundariesNotLoaded: when there are no boundaries yet.
    """
    try:
        location = regions.locate(session, lon=site.lon, lat=site.lat, field="json.site")
    except PointOutsideKorea:
        if scope != "overseas":
            raise
        return Placing(None, None, active_generation(session).id)
    if scope == "overseas":
        raise SiteInKorea(field="json.site")
    return Placing(location.emd.code, location.local_government.code, location.generation_id)


def check_jurisdiction(session: Session, codes: Sequence[str], *, scope: str) -> None:
    """Check that a jurisdiction is one: regions for bodies of regions, none for the others.

    :param codes: codes of regions and local governments.
    :param scope: of the institution.
    :raises JurisdictionMissing: when a body of regions names none.
    :raises JurisdictionNotNeeded: when another body names some.
    :raises JurisdictionUnknown: when a code is not in force.
    """
    if scope != "regions" and codes:
        raise JurisdictionNotNeeded(field="json.jurisdiction_codes")
    if scope == "regions" and not codes:
        raise JurisdictionMissing(field="json.jurisdiction_codes")
    for index, code in enumerate(codes):
        if not _is_in_force(session, code):
            raise JurisdictionUnknown(field=f"json.jurisdiction_codes.{index}", region_code=code)


def _is_in_force(session: Session, code: str) -> bool:
    if find_region(session, code) is not None:
        return True
    # A city divided into gu, such as 44130, is a local government and no region.
    try:
        get_local_government(session, code)
    except LocalGovernmentNotFound:
        return False
    return True
