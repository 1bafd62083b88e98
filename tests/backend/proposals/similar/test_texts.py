"""How texts are compared: spelling, spaces and length matter little, what is said matters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.proposals.similar.concepts import CONCEPTS, concepts_of
from backend.proposals.similar.signals import (
    THRESHOLD,
    WEIGHTS,
    Side,
    compare,
    score_of,
)
from backend.proposals.similar.texts import dice, letters_of, profile, runs_of

texts = st.text(alphabet="가로등이 어두워요너무밝다abc1!\n", max_size=80)


def test_spaces_and_signs_make_no_difference() -> None:
    assert letters_of("골목 가로등이, 어두워요!!") == letters_of("골목가로등이어두워요")


def test_a_misspelt_syllable_changes_little() -> None:
    right, wrong = runs_of("놀이터미끄럼틀이깨졌다"), runs_of("놀이터미끄럼틀이께졌다")
    other = runs_of("도서관무인반납기고장")
    assert dice(right, wrong) > 0.75
    assert dice(right, other) < 0.3


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("보안등이 없어 깜깜하다", "가로등이 어둡습니다"),
        ("쓰레기 무단투기", "폐기물이 널브러져 있다"),
    ],
)
def test_different_words_for_one_thing_are_one_concept(one: str, other: str) -> None:
    shared = concepts_of(letters_of(one)) & concepts_of(letters_of(other))
    assert {CONCEPTS[code].is_trouble for code in shared} == {True, False}


def test_darkness_and_glare_are_not_the_same_trouble() -> None:
    dark, glare = concepts_of("골목이어두워요"), concepts_of("불빛이너무밝아요")
    assert not {code for code in dark & glare if CONCEPTS[code].is_trouble}


def test_stems_are_written_as_texts_are_read() -> None:
    for concept in CONCEPTS.values():
        assert concept.stems
        for stem in concept.stems:
            assert stem == letters_of(stem), concept.code


def test_weights_are_shares_of_one() -> None:
    assert sum(WEIGHTS.values()) == pytest.approx(1)


@given(st.lists(texts, min_size=6, max_size=6), st.floats(0, 5e6), st.floats(-4000, 4000))
def test_a_score_lies_between_nothing_and_all(
    given_texts: list[str], distance_m: float, age_days: float
) -> None:
    one, other = (
        Side(profile(*part), "safety", "11140103", is_whole=False)
        for part in (given_texts[:3], given_texts[3:])
    )
    signals = compare(one, other, distance_m=distance_m, age_days=age_days)
    assert {signal.name for signal in signals} == set(WEIGHTS)
    assert all(0 <= signal.value <= 1 for signal in signals)
    assert 0 <= score_of(signals) <= 1
    back = compare(other, one, distance_m=distance_m, age_days=age_days)
    assert score_of(back) == pytest.approx(score_of(signals))


def test_what_is_the_same_is_alike_and_what_is_far_is_not() -> None:
    side = Side(profile("골목이 어두워요", "가로등이 없다", None), "safety", "11140103", False)
    near = compare(side, side, distance_m=0, age_days=0)
    far = compare(side, side, distance_m=3000, age_days=0)
    assert score_of(near) > 0.99
    assert score_of(far) < THRESHOLD
