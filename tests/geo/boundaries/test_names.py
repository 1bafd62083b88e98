"""Names come out clean, whatever a source glues together."""

import pytest

from geo.boundaries import current_governments
from geo.boundaries.names import UnexpectedName, clean_name, same_sigungu
from geo.boundaries.sources.dongnae import Place, current_code


@pytest.mark.parametrize(
    ("code", "published", "clean"),
    [
        ("11140103", "서울특별시 중구 태평로1가", "서울특별시 중구 태평로1가"),
        ("52710256", "전라북도 완주군 용진읍", "전북특별자치도 완주군 용진읍"),
        ("43113256", "충청북도 청주시흥덕구 오송읍", "충청북도 청주시 흥덕구 오송읍"),
        ("43113131", "충청북도 청주시 흥덕구 상신동", "충청북도 청주시 흥덕구 상신동"),
        ("36110101", "세종특별자치시 세종시 반곡동", "세종특별자치시 반곡동"),
        ("50110101", "제주특별자치도 제주시 일도일동", "제주특별자치도 제주시 일도일동"),
        ("41390132", "경기도 시흥시 정왕동", "경기도 시흥시 정왕동"),
    ],
)
def test_full_names_are_those_of_the_ministry(code: str, published: str, clean: str) -> None:
    assert clean_name(Place(code, published, 127.0, 37.0), current_governments()).full == clean


@pytest.mark.parametrize(
    ("code", "published"),
    [("41111101", "경기도 장안구 파장동"), ("11140103", "서울특별시 태평로1가")],
)
def test_a_name_with_other_parts_than_its_code_is_refused(code: str, published: str) -> None:
    with pytest.raises(UnexpectedName, match=code):
        clean_name(Place(code, published, 127.0, 37.0), current_governments())


@pytest.mark.parametrize(
    ("clean", "published"),
    [
        ("도봉구", "서울시도봉구"),
        ("수원시 권선구", "수원시권선구"),
        ("고양시 덕양구", "덕양구"),
        ("달성군", "대구광역시 달성군"),
        ("세종특별자치시", "세종특별자치시"),
    ],
)
def test_a_name_is_recognised_under_its_prefixes(clean: str, published: str) -> None:
    assert same_sigungu(clean, published)
    assert not same_sigungu(clean, "남구")


def test_provinces_that_were_renamed_have_their_new_codes() -> None:
    codes = ("4511110100", "4211010100", "1111010100")
    assert [current_code(code)[:2] for code in codes] == ["52", "51", "11"]
