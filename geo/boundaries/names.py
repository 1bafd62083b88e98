"""Owns the clean names of regions: the seventeen sido, and names that sources glue together."""

from dataclasses import dataclass

from geo.boundaries.localgov import GovernmentTable
from geo.boundaries.sources.dongnae import Place

SIDO = {
    "11": ("서울특별시", "Seoul"),
    "26": ("부산광역시", "Busan"),
    "27": ("대구광역시", "Daegu"),
    "28": ("인천광역시", "Incheon"),
    "29": ("광주광역시", "Gwangju"),
    "30": ("대전광역시", "Daejeon"),
    "31": ("울산광역시", "Ulsan"),
    "36": ("세종특별자치시", "Sejong"),
    "41": ("경기도", "Gyeonggi-do"),
    "43": ("충청북도", "Chungcheongbuk-do"),
    "44": ("충청남도", "Chungcheongnam-do"),
    "46": ("전라남도", "Jeollanam-do"),
    "47": ("경상북도", "Gyeongsangbuk-do"),
    "48": ("경상남도", "Gyeongsangnam-do"),
    "50": ("제주특별자치도", "Jeju"),
    "51": ("강원특별자치도", "Gangwon"),
    "52": ("전북특별자치도", "Jeonbuk"),
}
"""Korean and official English names by code. No source ships English below this level."""

SEJONG = "36"


class UnexpectedName(ValueError):
    """A published name that the cleaning rules do not understand."""


@dataclass(frozen=True)
class PlaceName:
    """The name of a neighbourhood in its parts; `sigungu` is empty in Sejong, which has none."""

    sido: str
    sigungu: str
    emd: str

    @property
    def full(self) -> str:
        """Return the full legal-dong name, as the code table of the ministry writes it."""
        return " ".join(part for part in (self.sido, self.sigungu, self.emd) if part)


def clean_name(place: Place, governments: GovernmentTable) -> PlaceName:
    """Return the name of a neighbourhood in its parts.

    Three things are mended: a province's former name gives way to the one of its code, a city glued
    to its gu is cut off (청주시흥덕구), and the invented 세종시 between Sejong and its
    neighbourhoods is dropped, as the ministry's table has none.

    :param place: the published record.
    :param governments: knows which city a gu belongs to.
    :raises UnexpectedName: when the name does not have the parts that its code promises.
    """
    sido = SIDO[place.code[:2]][0]
    _, *middle, emd = place.published_name.split()
    if place.code.startswith(SEJONG):
        return PlaceName(sido, "", emd)
    sigungu = " ".join(middle)
    government = governments.of_sigungu(place.code[:5])
    city = government.name
    if government.is_divided and sigungu.startswith(city) and " " not in sigungu:
        sigungu = f"{city} {sigungu.removeprefix(city)}"
    expected_words = 2 if government.is_divided and government.kind == "basic" else 1
    if len(sigungu.split()) != expected_words or not sigungu.endswith(("시", "군", "구")):
        msg = f"{place.code}: cannot read the name {place.published_name!r}"
        raise UnexpectedName(msg)
    return PlaceName(sido, sigungu, emd)


def same_sigungu(clean: str, published: str) -> bool:
    """Say whether a published sigungu name is the clean one under its prefixes (서울시도봉구).

    :param clean: the clean name, such as ``수원시 권선구``.
    :param published: the name of another source, with or without prefixes and spaces.
    """
    ours, theirs = clean.replace(" ", ""), published.replace(" ", "")
    return theirs.endswith(ours) or ours.endswith(theirs)
