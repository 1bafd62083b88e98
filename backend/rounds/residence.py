"""Owns how near a site or jurisdiction is to a home, and what is rural: pure functions of codes."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from math import ceil

from pyproj import Geod

from geo.regions.codes import EMD_DIGITS, SIDO_DIGITS, SIGUNGU_DIGITS

NEIGHBOURHOOD, LOCAL_GOVERNMENT, PROVINCE, ELSEWHERE = range(4)
"""The tiers; lower is nearer."""

DISTANCE_STEP_M = 1_000

FIRST_EUP = 250
"""Legal-dong codes number dong below it, eup from it on and myeon beyond (법정동코드)."""

_EARTH = Geod(ellps="WGS84")


@dataclass(frozen=True, slots=True)
class Governments:
    """Which local government answers for each sigungu.

    :param of_sigungu: sigungu code -> code of its basic or single-tier government.
    :param single_tier: codes of governments without a lower tier (Sejong, Jeju).
    """

    of_sigungu: Mapping[str, str]
    single_tier: frozenset[str]

    def sigungu_of(self, code: str) -> frozenset[str]:
        """Return the sigungu that a region or a local government lies in or consists of."""
        if len(code) == EMD_DIGITS:
            return frozenset({code[:SIGUNGU_DIGITS]})
        if code in self.of_sigungu:
            return frozenset({code})
        if len(code) == SIDO_DIGITS:
            return frozenset(s for s in self.of_sigungu if s.startswith(code))
        return frozenset(s for s, government in self.of_sigungu.items() if government == code)

    def government_of(self, code: str) -> str | None:
        """Return the government that answers for an emd or a sigungu."""
        return self.of_sigungu.get(code[:SIGUNGU_DIGITS])


@dataclass(frozen=True, slots=True)
class Home:
    """Where a proposer lives, as finely as the proposer agreed to have it used.

    :param code: the emd; only the sigungu without the consent to publish the neighbourhood.
    :param lon: longitude of that region's label point, in degrees.
    :param lat: latitude of that region's label point, in degrees.
    """

    code: str
    lon: float
    lat: float


def covers(code: str, region_code: str, governments: Governments) -> bool:
    """Tell whether a region or local government contains a whole sigungu or emd."""
    return region_code.startswith(code) or governments.government_of(region_code) == code


def residence_tier(
    home: Home,
    *,
    jurisdiction_codes: Collection[str],
    site_emd_code: str | None,
    governments: Governments,
) -> int:
    """Return the nearer of what the jurisdiction and what the site of an institution give.

    By jurisdiction: 0 when it is at most one local government (of a single-tier one: one city)
    and covers the home; 1 when a part of it no larger than a local government lies in the home's;
    2 when some of it lies in the same sido, as every sido-wide body's does; 3 elsewhere. By site:
    0 in the home's emd, 1 in its local government, 2 in its sido, 3 elsewhere. Bodies of the whole
    nation and overseas ones have no jurisdiction codes; a home known by its sigungu alone takes
    the sigungu for the emd.

    :param site_emd_code: the emd where the product would stand; None overseas.
    """
    return min(
        _tier_by_jurisdiction(home, jurisdiction_codes, governments),
        _tier_by_site(home, site_emd_code, governments),
    )


def best_tier(
    homes: Iterable[Home],
    *,
    jurisdiction_codes: Collection[str],
    site_emd_code: str | None,
    governments: Governments,
) -> int:
    """Return the best tier among the homes of all proposers that count; 3 when none counts."""
    return min(
        (
            residence_tier(
                home,
                jurisdiction_codes=jurisdiction_codes,
                site_emd_code=site_emd_code,
                governments=governments,
            )
            for home in homes
        ),
        default=ELSEWHERE,
    )


def is_rural(emd_code: str | None) -> bool:
    """Tell whether a site lies in an eup or myeon, which is what rural means in law.

    Source: 농어업·농어촌 및 식품산업 기본법, article 3, number 5.

    :param emd_code: the emd of the site; None overseas, which is not rural.
    """
    return emd_code is not None and int(emd_code[SIGUNGU_DIGITS:EMD_DIGITS]) >= FIRST_EUP


def distance_to_nearest_m(homes: Iterable[Home], lon: float, lat: float) -> int:
    """Return the metres from a site to the nearest home's label point, rounded up to 1,000 m.

    Without a home that counts it is 0 for everybody, so that it decides nothing.

    :param lon: longitude of the site in degrees.
    :param lat: latitude of the site in degrees.
    """
    metres = min((_EARTH.inv(lon, lat, home.lon, home.lat)[2] for home in homes), default=0.0)
    return ceil(metres / DISTANCE_STEP_M) * DISTANCE_STEP_M


def _tier_by_jurisdiction(home: Home, codes: Collection[str], governments: Governments) -> int:
    parts = {code: governments.sigungu_of(code) for code in codes}
    whole = frozenset().union(*parts.values())
    bodies = {
        governments.of_sigungu[sigungu] for sigungu in whole if sigungu in governments.of_sigungu
    }
    is_small = len(bodies) == 1 and (len(whole) == 1 or not bodies & governments.single_tier)
    if is_small and any(covers(code, home.code, governments) for code in codes):
        return NEIGHBOURHOOD
    own = governments.government_of(home.code)
    for code, sigungu in parts.items():
        is_sido_wide = len(code) == SIDO_DIGITS and len(sigungu) > 1
        if not is_sido_wide and {governments.of_sigungu.get(part) for part in sigungu} == {own}:
            return LOCAL_GOVERNMENT
    same_sido = any(code[:SIDO_DIGITS] == home.code[:SIDO_DIGITS] for code in codes)
    return PROVINCE if same_sido else ELSEWHERE


def _tier_by_site(home: Home, emd_code: str | None, governments: Governments) -> int:
    if emd_code is None:
        return ELSEWHERE
    if emd_code.startswith(home.code):
        return NEIGHBOURHOOD
    own = governments.government_of(home.code)
    if own is not None and governments.government_of(emd_code) == own:
        return LOCAL_GOVERNMENT
    same_sido = emd_code[:SIDO_DIGITS] == home.code[:SIDO_DIGITS]
    return PROVINCE if same_sido else ELSEWHERE
