"""Regions and governments by code and by name."""

import pytest
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from geo import regions


def test_a_region_by_any_form_of_its_code(connection: Connection, session: Session) -> None:
    found = regions.get_region(connection, "5211114200")
    assert found == regions.get_region(session, "52111142")
    assert found.full_name == "전북특별자치도 전주시 완산구 효자동3가"
    assert (found.level_name, found.legal_dong_code) == ("emd", "5211114200")
    assert found.local_government_code == "52110"


def test_unknown_codes_and_garbage_are_told_apart(connection: Connection) -> None:
    assert regions.find_region(connection, "47720") is None
    with pytest.raises(regions.RegionNotFound):
        regions.get_region(connection, "47720")
    with pytest.raises(regions.InvalidRegionCode):
        regions.get_region(connection, "nowhere")


def test_the_walk_down_and_up(connection: Connection) -> None:
    assert len(regions.list_regions(connection, 1)) == 17
    assert len(regions.list_children(connection, "11")) == 25
    names = [found.name for found in regions.list_children(connection, "11140")]
    assert "태평로1가" in names
    assert regions.list_children(connection, "11140103") == []
    above = regions.list_parents(connection, "1114010300")
    assert [found.code for found in above] == ["11", "11140"]
    assert regions.list_parents(connection, "11") == []


def test_a_region_has_an_english_name(connection: Connection) -> None:
    assert regions.get_region(connection, "11").name_en == "Seoul"
    found = regions.get_region(connection, "11140103")
    assert (found.name_en, found.full_name_en) == (
        "Taepyeongno 1-ga",
        "Taepyeongno 1-ga, Jung-gu, Seoul",
    )
    assert regions.get_region(connection, "36110").full_name_en == "Sejong"


@pytest.mark.parametrize(
    ("region", "government", "kind"),
    [
        ("44133", "44130", "basic"),
        ("44", "44", "upper"),
        ("36110101", "36", "single_tier"),
        ("5011010100", "50", "single_tier"),
        ("11215", "11215", "basic"),
    ],
)
def test_who_governs_a_region(
    connection: Connection, region: str, government: str, kind: str
) -> None:
    found = regions.local_government_of(connection, region)
    assert (found.code, found.kind) == (government, kind)


def test_all_governments_and_their_sigungu(connection: Connection) -> None:
    governments = regions.list_local_governments(connection)
    assert len(governments) == 243
    governed = [
        found.code
        for government in governments
        if government.kind != "upper"
        for found in regions.list_sigungu_of(connection, government.code)
    ]
    assert len(governed) == len(set(governed)) == 252
    assert len(regions.list_sigungu_of(connection, "44")) == 16
    with pytest.raises(regions.LocalGovernmentNotFound):
        regions.get_local_government(connection, "44131")
    with pytest.raises(regions.LocalGovernmentNotFound):
        regions.local_government_of(connection, "47720")


@pytest.mark.parametrize(
    ("q", "first"),
    [
        ("서울 중구 태평로", "서울특별시 중구 태평로1가"),
        ("태평로2가", "서울특별시 중구 태평로2가"),
        ("서울시 강남구", "서울특별시 강남구"),
        ("세종시 반곡동", "세종특별자치시 반곡동"),
        ("충남 천안 불당", "충청남도 천안시 서북구 불당동"),
        ("전주 효자동3", "전북특별자치도 전주시 완산구 효자동3가"),
        ("장안구", "경기도 수원시 장안구"),
        ("제주", "제주특별자치도"),
    ],
)
def test_names_are_found_as_people_type_them(connection: Connection, q: str, first: str) -> None:
    assert regions.search_regions(connection, q, 5)[0].full_name == first


@pytest.mark.parametrize("q", ["", "   ", "%", "_", "\\", "없는동네"])
def test_what_no_name_holds_finds_nothing(connection: Connection, q: str) -> None:
    assert regions.search_regions(connection, q, 5) == []


def test_a_search_is_bounded_and_stable(connection: Connection) -> None:
    found = regions.search_regions(connection, "중구", 7)
    assert len(found) == 7
    assert found == regions.search_regions(connection, "중구", 7)
    assert [region.code for region in found[:5]] == sorted(region.code for region in found[:5])


def test_decomposed_korean_is_the_same_text(connection: Connection) -> None:
    decomposed = "\u1112\u116d\u110c\u1161\u1103\u1169\u11bc"
    assert regions.search_regions(connection, decomposed, 1)[0].name == "효자동"
