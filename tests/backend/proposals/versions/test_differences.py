"""The comparison of two texts: its runs spell both out, whatever the texts are."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.proposals.versions.differences import MOST_PAIRS, Run, compare_words

WORDS = st.lists(
    st.sampled_from(["밤길이", "어둡다", ".", " ", "\n", "비상벨을", "가", "가"]), max_size=60
)
TEXTS = st.one_of(st.text(max_size=80), WORDS.map("".join), WORDS.map(" ".join))


def spelled(runs: list[Run], without: str) -> str:
    """Return the text that runs spell out, those of one kind left out."""
    return "".join(run.text for run in runs if run.kind != without)


@given(TEXTS, TEXTS)
def test_the_runs_spell_out_both_texts(before: str, after: str) -> None:
    runs = compare_words(before, after)
    assert spelled(runs, without="inserted") == before
    assert spelled(runs, without="deleted") == after


@given(TEXTS, TEXTS)
def test_no_run_is_empty_and_no_two_in_a_row_are_of_a_kind(before: str, after: str) -> None:
    runs = compare_words(before, after)
    assert all(run.text for run in runs)
    assert all(one.kind != next_.kind for one, next_ in pairwise(runs))


@given(TEXTS)
def test_a_text_is_equal_to_itself(text: str) -> None:
    assert compare_words(text, text) == ([Run("equal", text)] if text else [])


@pytest.mark.parametrize(
    ("before", "after", "runs"),
    [
        (
            "밤길이 어둡다.",
            "밤길이 너무 어둡다.",
            [("equal", "밤길이"), ("inserted", " 너무"), ("equal", " 어둡다.")],
        ),
        (
            "비상벨이 없다",
            "비상벨은 없다",
            [("deleted", "비상벨이"), ("inserted", "비상벨은"), ("equal", " 없다")],
        ),
        ("", "새 글", [("inserted", "새 글")]),
        ("지운 글", "", [("deleted", "지운 글")]),
        (
            "아침에 춥다. 저녁에 덥다.",
            "아침에 덥다. 저녁에 춥다.",
            [
                ("equal", "아침에"),
                ("deleted", " 춥다"),
                ("inserted", " 덥다"),
                ("equal", ". 저녁에"),
                ("deleted", " 덥다"),
                ("inserted", " 춥다"),
                ("equal", "."),
            ],
        ),
    ],
)
def test_words_are_compared_as_they_stand(
    before: str, after: str, runs: list[tuple[str, str]]
) -> None:
    assert [(run.kind, run.text) for run in compare_words(before, after)] == runs


def test_a_text_of_one_word_again_and_again_is_not_compared_word_by_word() -> None:
    many = int(MOST_PAIRS**0.5) + 1
    runs = compare_words("앞 " + "가 나 " * many + "뒤", "앞 " + "나 가 " * many + "뒤")
    assert [run.kind for run in runs] == ["equal", "deleted", "inserted", "equal"]
    assert (runs[0].text, runs[-1].text) == ("앞", " 뒤")


def test_lines_are_compared_where_words_would_be_too_many() -> None:
    many = "가 나 " * 200
    runs = compare_words(f"하나 {many}\n둘\n셋 {many}", f"하나 {many}가\n둘\n셋 {many}나")
    assert ("equal", "둘\n") in [(run.kind, run.text) for run in runs]
