"""The spellings of a region: short, long, without what lies between, each kept once."""

from geo.regions.keystrokes import keys_of
from geo.regions.spellings import Named, spell

CHUNGNAM = Named("44", "충청남도", "Chungcheongnam-do")
DONGNAM = Named("44131", "천안시 동남구", "Cheonan-si Dongnam-gu")
DAEHEUNG = Named("44131101", "대흥동", "Daeheung-dong")
SEOUL = Named("11", "서울특별시", "Seoul")
JUNG = Named("11140", "중구", "Jung-gu")


def parts(spelled: str) -> list[str]:
    assert spelled[0] == spelled[-1] == "|"
    return spelled.strip("|").split("|")


def test_the_official_spelling_comes_first() -> None:
    found = spell([CHUNGNAM, DONGNAM, DAEHEUNG])
    assert parts(found.name_keys)[0] == keys_of("대흥동")
    assert parts(found.path_keys)[0] == keys_of("충청남도천안시동남구대흥동")
    assert parts(found.path_latin)[0] == "chungcheongnamdocheonansidongnamgudaeheungdong"


def test_what_lies_between_may_be_left_out() -> None:
    paths = parts(spell([CHUNGNAM, DONGNAM, DAEHEUNG]).path_keys)
    for path in ("충남천안대흥동", "충청남도동남구대흥동", "충남대흥동", "충남천안동남대흥동"):
        assert keys_of(path) in paths
    assert len(paths) == len(set(paths))


def test_a_gu_of_a_city_is_called_by_either_name() -> None:
    names = parts(spell([CHUNGNAM, DONGNAM]).name_keys)
    for name in ("천안시동남구", "동남구", "동남", "천안동남"):
        assert keys_of(name) in names


def test_nobody_calls_a_short_name_shorter() -> None:
    assert parts(spell([SEOUL, JUNG]).name_keys) == [keys_of("중구")]
    assert keys_of("서울특별") not in parts(spell([SEOUL]).name_keys)


def test_sejong_is_named_once() -> None:
    sejong = Named("36", "세종특별자치시", "Sejong")
    sigungu = Named("36110", "세종특별자치시", "Sejong")
    emd = Named("36110101", "반곡동", "Bangok-dong")
    assert "sejong" in parts(spell([sejong, sigungu]).path_latin)
    assert parts(spell([sejong, sigungu, emd]).path_latin)[0] == "sejongbangokdong"
