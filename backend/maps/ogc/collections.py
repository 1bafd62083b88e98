"""Owns which layers there are, what they are called and where their features come from."""

from dataclasses import dataclass

from backend.maps.ogc import attributes, parameters, points
from backend.maps.ogc.errors import CollectionNotFound
from backend.maps.ogc.regions import RegionSource
from backend.maps.ogc.wanted import Source
from backend.schemas import Schema
from geo.tiling import EMD, SIDO, SIGUNGU


@dataclass(frozen=True, slots=True)
class Collection:
    """A layer.

    :param title: in Korean and English.
    :param description: in Korean and English.
    :param attributes: what is said of each feature.
    :param parameters: what may be asked.
    """

    id: str
    title: tuple[str, str]
    description: tuple[str, str]
    source: Source
    attributes: type[Schema]
    parameters: type[parameters.ItemsQuerySchema]
    shows_boundaries: bool = False


def _of_regions(id_: str, level: int, title: tuple[str, str]) -> Collection:
    return Collection(
        id=id_,
        title=title,
        description=(
            f"지금 쓰는 행정구역 경계: {title[0]}. 읍면동은 행정동이 아니라 법정동입니다.",
            f"Boundaries in force: {title[1]}. An emd is a legal dong, not an administrative one.",
        ),
        source=RegionSource(level),
        attributes=attributes.RegionAttributesSchema,
        parameters=parameters.RegionItemsQuerySchema,
        shows_boundaries=True,
    )


COLLECTIONS = (
    _of_regions("sido", SIDO, ("시도", "Provinces and metropolitan cities (sido)")),
    _of_regions("sigungu", SIGUNGU, ("시군구", "Cities, counties and districts (sigungu)")),
    _of_regions("emd", EMD, ("읍면동", "Neighbourhoods (eup, myeon, dong)")),
    Collection(
        id="institutions",
        title=("시범사용기관", "Institutions that can pilot products"),
        description=("지금 있는 기관의 위치", "Sites of the institutions that exist today."),
        source=points.INSTITUTIONS,
        attributes=attributes.InstitutionAttributesSchema,
        parameters=parameters.InstitutionItemsQuerySchema,
    ),
    Collection(
        id="proposals",
        title=("주민 제안", "Proposals of citizens"),
        description=(
            "공개된 제안. 점은 제안한 지점이 아니라 약 250m 격자 칸의 가운데입니다.",
            "Public proposals. A point is the centre of a cell of some 250 m, not the exact place.",
        ),
        source=points.PROPOSALS,
        attributes=attributes.ProposalAttributesSchema,
        parameters=parameters.ProposalItemsQuerySchema,
    ),
    Collection(
        id="placements",
        title=("시범구매 배치", "Placements of pilot purchases"),
        description=(
            "공개된 계획으로 기관에 배치된 제품",
            "Products placed at institutions by published plans.",
        ),
        source=points.PLACEMENTS,
        attributes=attributes.PlacementAttributesSchema,
        parameters=parameters.PlacementItemsQuerySchema,
    ),
)
_BY_ID = {collection.id: collection for collection in COLLECTIONS}


def get_collection(id_: str) -> Collection:
    """Return a layer.

    :raises CollectionNotFound: when there is none of that name.
    """
    if id_ not in _BY_ID:
        raise CollectionNotFound
    return _BY_ID[id_]
