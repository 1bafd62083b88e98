"""The explicit table of the 243 local governments."""

from collections import Counter

import pytest

from geo.boundaries import current_governments
from geo.boundaries.localgov import TableMismatch, read_governments

HEAD = "code,kind,name,sigungu_codes\n"


def test_there_are_seventeen_upper_and_226_basic_ones() -> None:
    kinds = Counter(government.kind for government in current_governments())
    assert kinds == {"upper": 15, "single_tier": 2, "basic": 226}
    assert len(current_governments()) == 243


def test_they_govern_252_sigungu_each_once() -> None:
    governed = [code for found in current_governments() for code in found.sigungu_codes]
    assert len(governed) == len(set(governed)) == 252


def test_cities_with_gu_that_do_not_govern_themselves() -> None:
    divided = {
        found.name: len(found.sigungu_codes) for found in current_governments() if found.is_divided
    }
    assert divided == {
        "수원시": 4, "성남시": 3, "안양시": 2, "부천시": 3, "안산시": 2, "고양시": 3, "용인시": 3,
        "청주시": 4, "천안시": 2, "전주시": 2, "포항시": 2, "창원시": 5, "제주특별자치도": 2,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("region", "code", "name"),
    [
        ("11215", "11215", "광진구"),
        ("43745", "43745", "증평군"),
        ("44825", "44825", "태안군"),
        ("44133101", "44130", "천안시"),
        ("41192", "41190", "부천시"),
        ("36110101", "36", "세종특별자치시"),
        ("50130", "50", "제주특별자치도"),
        ("27720250", "27720", "군위군"),
        ("44", "44", "충청남도"),
    ],
)
def test_who_answers_for_a_region(region: str, code: str, name: str) -> None:
    government = current_governments().of_region(region)
    assert (government.code, government.name) == (code, name)


def test_only_a_basic_one_has_an_upper_one() -> None:
    for government in current_governments():
        above = government.code[:2] if government.kind == "basic" else None
        assert government.upper_code == above


@pytest.mark.parametrize("region", ["99", "99110", "99110101"])
def test_an_unknown_region_has_no_government(region: str) -> None:
    with pytest.raises(TableMismatch, match="99"):
        current_governments().of_region(region)


def test_a_sigungu_that_only_one_side_knows_is_named() -> None:
    table = read_governments(HEAD + "28110,basic,중구,28110\n")
    table.check(["28110"])
    with pytest.raises(TableMismatch, match="28125"):
        table.check(["28110", "28125"])


@pytest.mark.parametrize(
    "rows", ["1,basic,하나,11110\n2,basic,둘,11110\n", "1,federal,하나,11110\n"]
)
def test_a_faulty_table_is_refused(rows: str) -> None:
    with pytest.raises(TableMismatch):
        read_governments(HEAD + rows)
