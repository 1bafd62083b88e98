"""How texts are compared: spelling, spaces and length matter little, what is said matters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.proposals.similar.concepts import CONCEPTS, concepts_of, stems_told
from backend.proposals.similar.signals import (
    THRESHOLD,
    WEIGHTS,
    Side,
    Signal,
    compare,
    score_of,
)
from backend.proposals.similar.texts import cosine, dice, profile, runs_of, words_of

texts = st.text(alphabet="가로등이 어두워요너무밝다에서말고abc1!\n", max_size=80)


def told(text: str) -> set[str]:
    """Return the concepts that a text tells of."""
    return set(concepts_of([words_of(""), words_of(text)]))


def side(title: str, problem: str | None = None) -> Side:
    """Return a proposal of one neighbourhood with some texts."""
    return Side(profile(title, problem, None), "safety", "11140103", is_whole=False)


def test_signs_and_capitals_make_no_difference() -> None:
    assert words_of("골목 LED등이, 어두워요!!") == words_of("골목  led등이 어두워요")


def test_a_misspelt_syllable_changes_little() -> None:
    right, wrong = runs_of("미끄럼틀"), runs_of("미끄럼털")
    assert dice(right, wrong) > 0.7
    assert dice(right, runs_of("반납기")) < 0.3


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("보안등이 없어 깜깜하다", "가로등이 흐려서 어둡습니다"),
        ("쓰레기 무단투기", "폐기물이 널려 있다"),
        ("술집 스피커", "밤마다 시끄럽다"),
    ],
)
def test_different_words_for_one_trouble_are_one_concept(one: str, other: str) -> None:
    assert told(one) & told(other)


def test_darkness_and_glare_are_not_the_same_trouble() -> None:
    assert not told("골목이 어두워요") & told("불빛에 눈부셔요")


def test_spaces_left_out_hide_no_long_stem_and_a_short_one_has_to_begin_a_word() -> None:
    assert "쓰레기" in stems_told(words_of("골목에쓰레기가있다"))
    assert "소음" in stems_told(words_of("소음이 심하다"))
    assert "소음" not in stems_told(words_of("최소음량으로"))


def test_a_title_counts_more() -> None:
    title, text = (concepts_of(parts)["smell"] for parts in ([["악취"], []], [[], ["악취"]]))
    assert title > text


def test_what_is_forgotten_is_not_told() -> None:
    assert not concepts_of([["악취"]], forgotten={"악취"})
    assert profile("단속 말고", None, None).wishes_less
    assert not profile("단속 말고", None, None, forgotten={"말고"}).wishes_less


def test_stems_are_written_as_texts_are_read() -> None:
    for concept in CONCEPTS.values():
        assert concept.stems
        for stem in concept.stems:
            assert [stem] == words_of(stem), concept.code
            assert len(stem) >= 2, concept.code


def test_the_name_of_a_place_is_not_what_is_said_of_it() -> None:
    one, other = (
        profile(f"망원시장 뒷골목에서 {rest}", None, None) for rest in ("넘어졌다", "싸운다")
    )
    assert runs_of("망원시장") <= one.places & other.places
    values = {signal.name: signal.value for signal in _compared(side("가"), side("나"))}
    assert values["words"] == 0
    assert dice(one.runs, other.runs) > dice(one.runs - one.places, other.runs - other.places)


def test_a_contrary_wish_is_seen() -> None:
    more, less = side("보안등을 더 달아 주세요"), side("보안등이 너무 밝아요, 꺼 주세요")
    wish = {signal.name: signal for signal in _compared(more, less)}["wish"]
    assert wish.value == 0
    assert "contrary" in wish.en


def test_one_word_by_chance_weighs_less_than_many() -> None:
    few = _compared(side("악취"), side("침수"))
    many = _compared(
        side("악취", "냄새가 썩는 비린내"), side("침수", "물이 차서 물난리 물바다 범람")
    )
    doubtful, sure = (
        next(one.value for one in signals if one.name == "trouble") for signals in (few, many)
    )
    assert sure < doubtful < 0.5


def test_the_cosine_of_the_same_mix_is_one() -> None:
    assert cosine({"a": 1, "b": 2}, {"a": 2, "b": 4}) == pytest.approx(1)
    assert cosine({"a": 1}, {"b": 1}) == 0


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
    one = side("골목이 어두워요", "가로등이 없다")
    near = compare(one, one, distance_m=0, age_days=0)
    far = compare(one, one, distance_m=3000, age_days=0)
    old = compare(one, one, distance_m=0, age_days=2500)
    assert score_of(near) > 0.9
    assert score_of(far) < THRESHOLD
    assert score_of(old) < THRESHOLD


def _compared(one: Side, other: Side) -> tuple[Signal, ...]:
    return compare(one, other, distance_m=50, age_days=10)
