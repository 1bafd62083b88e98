"""Regions are found as people type them, the one that is meant first."""

import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from geo import regions
from geo.regions.keystrokes import INITIALS, initials_of, keys_of
from geo.regions.search import search_regions
from tests.support.plans import nodes, plan_of

TAEPYEONGNO = "서울특별시 중구 태평로1가"
ANY_TEXT = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
FIRST = 50


def first(connection: Connection, q: str) -> str:
    found = search_regions(connection, q, 5)
    return found[0].full_name if found else ""


@pytest.mark.parametrize(
    "q",
    [
        "태평로", "중구 태평로", "태평로 중구", "서울중구태평로1가", "서울시중구태평로",
        "서울태평로", "태 평 로", " 서울  중구   태평로1가 ", "태펴", "태평롲", "태평로ㅈ",
        "태ㅍ", "태ㅍㄹ", "ㅌ평로", "ㅌㅍㄹ", "ㅅㅇ ㅈㄱ ㅌㅍㄹ", "ㅅㅇㅈㄱㅌㅍㄹ", "Taepyeongno",
        "taepyeongno1ga", "Taepyeongno 1-ga", "TAEPYEONGNO 1 GA, JUNG-GU, SEOUL",
        "Seoul Taepyeongno", "11140103", "1114010300", "서울 중구 태평로 1", "“태평로”", "태평로😀",
    ],
)  # fmt: skip
def test_one_neighbourhood_typed_in_many_ways(connection: Connection, q: str) -> None:
    assert first(connection, q) == TAEPYEONGNO
    decomposed = unicodedata.normalize("NFD", q)
    assert search_regions(connection, decomposed) == search_regions(connection, q)


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("종로", "서울특별시 종로구"),
        ("Jongno", "서울특별시 종로구"),
        ("jongno-gu", "서울특별시 종로구"),
        ("서울 중구", "서울특별시 중구"),
        ("Seoul Jung-gu", "서울특별시 중구"),
        ("ㅅㅇ ㅈㄱ", "서울특별시 중구"),
        ("천안 동남", "충청남도 천안시 동남구"),
        ("충남천안동남구", "충청남도 천안시 동남구"),
        ("천안불당동", "충청남도 천안시 서북구 불당동"),
        ("전남 순천", "전라남도 순천시"),
        ("강원도 춘천", "강원특별자치도 춘천시"),
        ("전라북도 전주 덕진", "전북특별자치도 전주시 덕진구"),
        ("광주", "광주광역시"),
        ("광주시", "경기도 광주시"),
        ("Suwon Gwonseon", "경기도 수원시 권선구"),
        ("Jeonnam", "전라남도"),
        ("세종", "세종특별자치시"),
        ("11", "서울특별시"),
        ("1100000000", "서울특별시"),
        ("11140", "서울특별시 중구"),
        ("1114000000", "서울특별시 중구"),
        ("효ㅈ", "서울특별시 종로구 효자동"),
        ("ㄱㅅㄱ", "서울특별시 강서구"),
        ("ㄳㄱ", "서울특별시 강서구"),
    ],
)
def test_what_is_meant_comes_first(connection: Connection, q: str, expected: str) -> None:
    assert first(connection, q) == expected


def test_the_name_itself_comes_before_its_beginning_and_that_before_its_middle(
    connection: Connection,
) -> None:
    names = [found.name for found in search_regions(connection, "중앙동", 50)]
    exact = [name == "중앙동" for name in names]
    assert exact == sorted(exact, reverse=True)
    names = [found.name for found in search_regions(connection, "태평", 50)]
    begins = [name.startswith("태평") for name in names]
    assert begins == sorted(begins, reverse=True)
    assert any(begins)
    levels = [found.level for found in search_regions(connection, "강남구", 50)]
    assert levels == sorted(levels)


@pytest.mark.parametrize(
    "q", ["", "  ", "%", "_", "\\", "'", "\0", "|", "🏠", "漢城", "ß", "-", "\ud800"]
)
def test_what_names_nothing_finds_nothing(connection: Connection, q: str) -> None:
    assert search_regions(connection, q) == []


@pytest.mark.parametrize("digits", ["99", "00", "0", "12345678901", "9" * 60])
def test_digits_that_are_no_code_find_nothing(connection: Connection, digits: str) -> None:
    assert search_regions(connection, digits) == []


TYPED = st.text(
    st.sampled_from([*INITIALS, *"ㅏㅘ가나다태평로종중구시군1290 -'%_|\\abgJ\0😀ㄳ각가"]),
    max_size=60,
)


@ANY_TEXT
@given(st.one_of(TYPED, st.text(max_size=60)))
def test_no_text_is_an_error(connection: Connection, q: str) -> None:
    found = search_regions(connection, q, 20)
    assert len(found) <= 20
    assert found == search_regions(connection, q, 20)


def every(connection: Connection) -> list[regions.Region]:
    return [found for level in (1, 2, 3) for found in regions.list_regions(connection, level)]


def lost(connection: Connection, names: dict[str, str]) -> list[str]:
    return [
        code
        for code, name in names.items()
        if code not in {found.code for found in search_regions(connection, name, FIRST)}
    ]


@pytest.fixture
def sample(connection: Connection, request: pytest.FixtureRequest) -> list[regions.Region]:
    """Every fortieth region, or every one where the test says so."""
    return every(connection)[:: getattr(request, "param", 40)]


WHOLE_COUNTRY = pytest.mark.parametrize(
    "sample", [40, pytest.param(1, marks=pytest.mark.heavy)], indirect=True
)


@WHOLE_COUNTRY
def test_every_region_is_found_by_its_full_name(
    connection: Connection, sample: list[regions.Region]
) -> None:
    for found in sample:
        assert search_regions(connection, found.full_name, 1)[0].full_name == found.full_name


@WHOLE_COUNTRY
def test_every_region_is_found_by_its_english_names(
    connection: Connection, sample: list[regions.Region]
) -> None:
    assert lost(connection, {found.code: found.full_name_en or "" for found in sample}) == []
    assert lost(connection, {found.code: found.name_en or "" for found in sample}) == []


@WHOLE_COUNTRY
def test_every_region_is_found_by_its_initials(
    connection: Connection, sample: list[regions.Region]
) -> None:
    letters = dict(zip(map(keys_of, INITIALS), INITIALS, strict=True))
    assert lost(connection, {
        found.code: "".join(letters.get(key, key) for key in initials_of(found.full_name))
        for found in sample
    }) == []  # fmt: skip


@pytest.mark.parametrize("q", ["태평", "종로구", "ㅌㅍㄹ", "Jongno", "서울중구태평로1가"])
def test_names_are_looked_up_in_an_index(connection: Connection, q: str) -> None:
    # What is left is whether the index of spellings can serve the condition at all.
    connection.execute(text("SET LOCAL enable_seqscan = off"))
    connection.execute(text("SET LOCAL enable_indexscan = off"))
    connection.execute(text("ANALYZE region, region_spelling"))
    connection.execute(text("DROP INDEX ix_region_spelling_generation_id_level"))
    plan = plan_of(connection, lambda: search_regions(connection, q))
    used = {node.get("Index Name", "") for node in nodes(plan)}
    assert any(name.startswith("ix_region_spelling_path_") for name in used)
