"""Words are found wherever they stand, by an index when they are rare, however short they are."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from backend.proposals import words
from backend.proposals.words import find_rare
from tests.support.proposals import make_submitted

URL = "/api/v1/proposals"


@pytest.fixture
def found(client: FlaskClient, session: Session) -> Callable[[str], list[str]]:
    """Ask for the titles that words find among three proposals."""
    make_submitted(session, title="맹꽁이 산란지 보호", problem="로드킬이 잦다.")
    make_submitted(session, title="가로등 LED 교체", problem="밤길이 어둡다.")
    make_submitted(session, title="가로수 정비", problem="등산로 입구가 막힌다.")

    def ask(q: str) -> list[str]:
        answer: Any = client.get(URL, query_string={"q": q})
        assert answer.status_code == 200, answer.json
        return sorted(item["title"] for item in answer.json["items"])

    return ask


@pytest.mark.parametrize("most_rare", [words.MOST_RARE, 0], ids=["rare", "common"])
@pytest.mark.parametrize(
    ("q", "titles"),
    [
        ("맹꽁", ["맹꽁이 산란지 보호"]),
        ("길", ["가로등 LED 교체"]),
        ("가로", ["가로등 LED 교체", "가로수 정비"]),
        ("led", ["가로등 LED 교체"]),
        ("로드킬", ["맹꽁이 산란지 보호"]),
        ("가로 어둡", ["가로등 LED 교체"]),
        ("가로등산", []),
        ("체밤", []),
        ("비등", []),
        ("교체밤", []),
        ("없는", []),
        ("%", []),
    ],
)
def test_words_are_found_whether_they_are_rare_or_not(
    found: Callable[[str], list[str]],
    monkeypatch: pytest.MonkeyPatch,
    most_rare: int,
    q: str,
    titles: list[str],
) -> None:
    monkeypatch.setattr(words, "MOST_RARE", most_rare)
    assert found(q) == titles


def test_what_may_hold_a_word_is_known_until_it_is_too_much(
    found: Callable[[str], list[str]], session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len(find_rare(session, ["가로"]) or []) == 2
    monkeypatch.setattr(words, "MOST_RARE", 1)
    assert find_rare(session, ["가로"]) is None
    assert len(find_rare(session, ["맹꽁"]) or []) == 1


def test_pairs_end_at_spaces_and_at_the_end_of_the_title(session: Session) -> None:
    grams = session.scalar(text("SELECT proposal_grams('가 Ab', '나다')"))
    assert sorted(grams) == sorted(["가", "a", "b", "ab", "나", "다", "나다"])
    assert session.scalar(text("SELECT proposal_grams('가', NULL)")) == ["가"]
    assert session.scalar(text("SELECT proposal_grams('', '')")) == []
