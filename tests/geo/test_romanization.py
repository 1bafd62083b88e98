"""Names in Latin letters, against spellings that signs, maps and statutes use."""

import re

import pytest

from geo.boundaries.layer import Layer
from geo.romanization import romanize_name

SPELLINGS = """
    종로구 Jongno-gu | 중구 Jung-gu | 용산구 Yongsan-gu | 성동구 Seongdong-gu | 노원구 Nowon-gu
    중랑구 Jungnang-gu | 은평구 Eunpyeong-gu | 관악구 Gwanak-gu | 영등포구 Yeongdeungpo-gu
    태평로1가 Taepyeongno 1-ga | 종로5가 Jongno 5-ga | 을지로6가 Euljiro 6-ga
    신문로1가 Sinmunno 1-ga | 남대문로4가 Namdaemunno 4-ga | 봉래동1가 Bongnae-dong 1-ga
    성수동1가 Seongsu-dong 1-ga | 효자동3가 Hyoja-dong 3-ga | 상도1동 Sangdo 1-dong
    세종로 Sejongno | 청량리동 Cheongnyangni-dong | 답십리동 Dapsimni-dong | 압구정동 Apgujeong-dong
    신림동 Sillim-dong | 잠원동 Jamwon-dong | 역삼동 Yeoksam-dong | 합정동 Hapjeong-dong
    면목동 Myeonmok-dong | 독산동 Doksan-dong | 별내동 Byeollae-dong | 녹양동 Nogyang-dong
    집현동 Jiphyeon-dong | 백학면 Baekhak-myeon | 묵호진동 Mukhojin-dong | 법환동 Beophwan-dong
    월영동 Woryeong-dong | 복용동 Bogyong-dong | 율하동 Yulha-dong | 죽림동 Jungnim-dong
    옥룡동 Ongnyong-dong | 읍내동 Eumnae-dong | 엄궁동 Eomgung-dong | 문래동2가 Mullae-dong 2-ga
    강릉시 Gangneung-si | 울릉군 Ulleung-gun | 밀양시 Miryang-si | 담양군 Damyang-gun
    의정부시 Uijeongbu-si | 양양군 Yangyang-gun | 영암군 Yeongam-gun | 부여군 Buyeo-gun
    동해시 Donghae-si | 속초시 Sokcho-si | 해운대구 Haeundae-gu | 삼랑진읍 Samnangjin-eup
    한림읍 Hallim-eup | 구좌읍 Gujwa-eup | 대관령면 Daegwallyeong-myeon | 설악면 Seorak-myeon
    수원시 권선구 Suwon-si Gwonseon-gu | 고양시 덕양구 Goyang-si Deogyang-gu
    수원시 팔달구 Suwon-si Paldal-gu | 창원시 마산합포구 Changwon-si Masanhappo-gu
    경기도 Gyeonggi-do | 충청북도 Chungcheongbuk-do | 전라남도 Jeollanam-do
"""
PAIRS = [
    re.fullmatch(r"(\D+?\d?[가-힣]?) ([A-Z].*)", pair.strip()).groups()
    for line in SPELLINGS.strip().splitlines()
    for pair in line.split("|")
]


@pytest.mark.parametrize(("name", "spelling"), PAIRS)
def test_a_name_is_spelt_as_it_is_known(name: str, spelling: str) -> None:
    assert romanize_name(name) == spelling


def test_no_sound_change_is_written_across_the_hyphen() -> None:
    assert romanize_name("삼죽면") == "Samjuk-myeon"
    assert romanize_name("인왕리") == "Inwang-ri"
    assert romanize_name("촉석동") == "Chokseok-dong"


def test_every_region_of_the_country_gets_plain_latin_letters(country: Layer) -> None:
    form = re.compile(r"[A-Z][a-z]*( \d+)?(-(si|gun|gu|eup|myeon|dong|ga))?( \d-ga)?")
    for region in country.regions:
        for word in region.name.split() if region.level > 1 else ():
            assert form.fullmatch(romanize_name(word)), word
