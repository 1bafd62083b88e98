"""The tiers of residence: every kind of body against real neighbourhoods of Korea."""

from collections.abc import Collection

import pytest
from sqlalchemy.orm import Session

from backend.rounds.residence import (
    Governments,
    Home,
    best_tier,
    covers,
    distance_to_nearest_m,
    is_rural,
    residence_tier,
)
from geo.boundaries.localgov import current_governments
from geo.regions import list_regions

SUYU = "11305103"
"""서울특별시 강북구 수유동, whose government 강북구 is 11305."""
MIA = "11305101"
"""서울특별시 강북구 미아동."""
SUSIN = "44131350"
"""충청남도 천안시 동남구 수신면; 천안시 is 44130 and has two gu, 44131 and 44133."""
SEJONG = "36110110"
"""세종특별자치시 어진동."""
JEJU = "50110125"
"""제주특별자치도 제주시 이호일동."""


@pytest.fixture(scope="module")
def governments() -> Governments:
    """The local governments of the whole country."""
    table = current_governments()
    return Governments(
        of_sigungu={
            sigungu: government.code
            for government in table
            if government.kind != "upper"
            for sigungu in government.sigungu_codes
        },
        single_tier=frozenset(row.code for row in table if row.kind == "single_tier"),
    )


def tier(governments: Governments, home: str, codes: Collection[str], site: str | None) -> int:
    """Return the tier of a body with a jurisdiction and a site for a home."""
    return residence_tier(
        Home(home, 127.0, 37.0),
        jurisdiction_codes=codes,
        site_emd_code=site,
        governments=governments,
    )


@pytest.mark.parametrize(
    ("home", "codes", "site", "expected"),
    [
        # by jurisdiction
        pytest.param(SUYU, [SUYU], SUYU, 0, id="the community office of the neighbourhood"),
        pytest.param(SUYU, ["11305"], MIA, 0, id="a body of the whole district"),
        pytest.param(SUSIN, ["44130"], "44133104", 0, id="a body of a city that has gu"),
        pytest.param(SUSIN, ["44131", "44133"], "44133104", 0, id="both gu of that city"),
        pytest.param(SUYU, [MIA], MIA, 1, id="the office of another neighbourhood of it"),
        pytest.param(SUSIN, ["44133"], "44133104", 1, id="the other gu of the city"),
        pytest.param(SUYU, ["11305", "11320"], "11320105", 1, id="a body of two districts"),
        pytest.param(SUYU, ["11"], "11140103", 2, id="a body of the whole of Seoul"),
        pytest.param(SUYU, ["11140"], "11140103", 2, id="a district elsewhere in Seoul"),
        pytest.param(SUYU, ["26110"], "26110101", 3, id="a district of Busan"),
        pytest.param(SUYU, ["41"], "41111129", 3, id="a body of another province"),
        # by site
        pytest.param(SUYU, [], SUYU, 0, id="a nation-wide body in the neighbourhood"),
        pytest.param(SUYU, [], MIA, 1, id="a nation-wide body in the district"),
        pytest.param(SUYU, ["11"], MIA, 1, id="a body of Seoul that sits in the district"),
        pytest.param(SUYU, [], "11140103", 2, id="a nation-wide body in Seoul"),
        pytest.param(SUYU, [], "26110101", 3, id="a nation-wide body in Busan"),
        pytest.param(SUYU, [], None, 3, id="a body overseas"),
        # governments without a lower tier
        pytest.param(SEJONG, ["36110"], "36110109", 0, id="Sejong by its region"),
        pytest.param(SEJONG, ["36"], "36110109", 0, id="Sejong by its government"),
        pytest.param(JEJU, ["50110"], "50110111", 0, id="a body of the city of Jeju"),
        pytest.param(JEJU, ["50"], "50130109", 1, id="a body of all Jeju, in its other city"),
        pytest.param(JEJU, ["50130"], "50130109", 1, id="the other city of Jeju"),
        pytest.param(JEJU, ["50110", "50130"], "50130109", 1, id="both cities, one by one"),
    ],
)
def test_a_body_has_its_tier(
    governments: Governments, home: str, codes: list[str], site: str | None, expected: int
) -> None:
    assert tier(governments, home, codes, site) == expected


@pytest.mark.parametrize(
    ("codes", "site", "expected"),
    [
        pytest.param(["44131"], "44131350", 0, id="the gu of the home"),
        pytest.param(["44130"], "44133104", 0, id="the whole city"),
        pytest.param([], "44131350", 0, id="any site in the gu, whichever neighbourhood"),
        pytest.param([SUSIN], "44133104", 1, id="the office of the very neighbourhood"),
        pytest.param(["44131310"], "44133104", 1, id="the office of another one"),
        pytest.param(["44133"], "44133104", 1, id="the other gu"),
        pytest.param(["44"], "44150101", 2, id="the province"),
    ],
)
def test_without_consent_the_sigungu_alone_decides(
    governments: Governments, codes: list[str], site: str, expected: int
) -> None:
    assert tier(governments, "44131", codes, site) == expected


def test_no_neighbourhood_of_a_sigungu_is_told_apart_without_consent(
    governments: Governments,
) -> None:
    there = [tier(governments, "44131", [code], code) for code in (SUSIN, "44131310", "44131101")]
    assert there == [0, 0, 0]


def test_the_best_home_counts(governments: Governments) -> None:
    homes = [Home("26110101", 129.0, 35.1), Home(MIA, 127.0, 37.6), Home(SUSIN, 127.3, 36.7)]
    best = best_tier(
        homes, jurisdiction_codes=["11305"], site_emd_code=SUYU, governments=governments
    )
    assert best == 0


def test_without_a_home_every_body_is_elsewhere(governments: Governments) -> None:
    nowhere = best_tier([], jurisdiction_codes=["11"], site_emd_code=SUYU, governments=governments)
    assert nowhere == 3


def test_a_home_of_a_region_that_is_gone_is_near_to_nobody_but_its_sido(
    governments: Governments,
) -> None:
    assert tier(governments, "11999101", ["11305"], SUYU) == 2


@pytest.mark.parametrize(
    ("lon", "expected_m"),
    [(127.0, 0), (127.001, 1_000), (127.0112, 1_000), (127.0114, 2_000)],
)
def test_a_distance_is_rounded_up_to_a_thousand_metres(lon: float, expected_m: int) -> None:
    assert distance_to_nearest_m([Home(SUYU, 127.0, 37.6)], lon, 37.6) == expected_m


def test_the_nearest_home_gives_the_distance() -> None:
    homes = [Home("26110101", 129.03, 35.11), Home(SUYU, 127.0, 37.6)]
    assert distance_to_nearest_m(homes, 127.0, 37.6) == 0


def test_without_a_home_no_distance_tells_anybody_apart() -> None:
    assert distance_to_nearest_m([], 105.85, 21.03) == 0


def test_a_city_with_gu_covers_what_no_prefix_does(governments: Governments) -> None:
    assert covers("44130", SUSIN, governments)
    assert not covers("44131", "44133104", governments)


def test_rural_is_what_is_called_eup_or_myeon_in_the_whole_country(session: Session) -> None:
    regions = list_regions(session, 3)
    assert len(regions) > 5_000
    wrong = [
        region.full_name
        for region in regions
        if is_rural(region.code) != region.name.endswith(("읍", "면"))
    ]
    assert wrong == []


def test_a_site_abroad_is_not_rural() -> None:
    assert not is_rural(None)
