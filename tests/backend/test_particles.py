"""A particle fits the sound before it, quotation marks, digits and Latin letters included."""

import pytest

from backend.particles import settle_particles


@pytest.mark.parametrize(
    ("text", "settled"),
    [
        ("‘가로등’이(가) 설치됩니다.", "‘가로등’이 설치됩니다."),
        ("‘스마트 쉼터’이(가) 설치됩니다.", "‘스마트 쉼터’가 설치됩니다."),
        ("차수 2026-1을(를) 취소합니다.", "차수 2026-1을 취소합니다."),
        ("차수 2026-2을(를) 취소합니다.", "차수 2026-2를 취소합니다."),
        ("마감을 11월 20일(으)로 늦춥니다.", "마감을 11월 20일로 늦춥니다."),
        ("‘승인’(으)로 바꿀 수 없습니다.", "‘승인’으로 바꿀 수 없습니다."),
        ("종로구와(과) 중구은(는)", "종로구와 중구는"),
        ("이유: 담당자(가명)의 요청", "이유: 담당자(가명)의 요청"),
        ("", ""),
    ],
)
def test_the_particle_fits_the_word_before_it(text: str, settled: str) -> None:
    assert settle_particles(text) == settled
