"""The pages about one round as they are served."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.backend.fairness.rounds import WITHDRAWAL_REASON, Played, play
from tests.support.maps import BUSAN_EMD
from tests.support.people import CITY_HALL_EMD
from tests.support.rounds import make_open_round, make_product, make_round


def why(client: FlaskClient, played: Played, **query: Any) -> str:
    """Return the page that answers for a place."""
    return client.get(f"/rounds/{played.round.code}/why", query_string=query).text


def test_a_neighbourhood_reads_what_it_got_and_why(client: FlaskClient, session: Session) -> None:
    page = why(client, play(session), region=CITY_HALL_EMD)
    assert "서울특별시 중구 태평로1가" in page
    assert "우리 동네에 배정되었습니다." in page
    assert "배정되었습니다. " in page
    assert "로봇" in page


def test_a_neighbourhood_reads_that_a_product_was_taken_back(
    client: FlaskClient, session: Session
) -> None:
    page = why(client, play(session, taken_back="bell"), region=CITY_HALL_EMD)
    assert f"이유: {WITHDRAWAL_REASON}" in page


def test_a_neighbourhood_reads_in_english(client: FlaskClient, session: Session) -> None:
    page = why(client, play(session), region=BUSAN_EMD, lang="en")
    assert '<html lang="en">' in page
    assert "Not placed here." in page
    assert re.search(r"Robot\s+<span", page)


def test_the_link_to_the_other_language_keeps_the_place(
    client: FlaskClient, session: Session
) -> None:
    played = play(session)
    page = why(client, played, region=BUSAN_EMD)
    assert f'href="/rounds/{played.round.code}/why?region={BUSAN_EMD}&amp;lang=en"' in page


def test_a_neighbourhood_is_found_by_its_name(client: FlaskClient, session: Session) -> None:
    played = play(session)
    page = why(client, played, q="태평로1가")
    assert f'href="/rounds/{played.round.code}/why?region={CITY_HALL_EMD}"' in page
    assert "그런 이름의 동네를 찾지 못했습니다." in why(client, played, q="없는동네이름")


def test_what_was_typed_cannot_become_markup(client: FlaskClient, session: Session) -> None:
    page = why(client, play(session), q='"><script>alert(1)</script>')
    assert "<script>alert" not in page


def test_a_place_that_is_none_is_said_so_on_the_page(client: FlaskClient, session: Session) -> None:
    played = play(session)
    for region, words in (("11", "시·군·구나 읍·면·동"), ("x", "지역 코드가 아닙니다")):
        page = why(client, played, region=region)
        assert words in page
        assert 'role="alert"' in page


def test_before_the_publication_the_page_says_where_the_round_stands(
    client: FlaskClient, session: Session
) -> None:
    round_, _ = make_open_round(session, make_product(session))
    page = client.get(f"/rounds/{round_.code}/why?region={CITY_HALL_EMD}").text
    assert "신청을 2026-12-03 12:00까지 받고" in page


def test_a_round_that_is_none_or_a_draft_has_a_page_that_says_so(
    client: FlaskClient, session: Session
) -> None:
    for code in ("1999-9", make_round(session).code, "a%00b"):
        answer = client.get(f"/rounds/{code}/why")
        assert answer.status_code == 404
        assert "차수를 찾을 수 없습니다" in answer.text


def test_names_cannot_become_markup(client: FlaskClient, session: Session) -> None:
    played = play(session)
    session.execute(text("UPDATE product SET name_ko = '<b>x</b>'"))
    session.commit()
    assert "<b>x</b>" not in why(client, played, region=CITY_HALL_EMD)


def test_the_report_is_a_page_of_tables(client: FlaskClient, session: Session) -> None:
    played = play(session)
    page = client.get(f"/rounds/{played.round.code}/fairness").text
    assert "공정성 보고서" in page
    assert "120,000,000" in page
    assert f'href="/api/v1/rounds/{played.round.id}/fairness.xlsx"' in page
    assert "신청도 배정도 없는 249곳" in page


def test_the_report_reads_in_english(client: FlaskClient, session: Session) -> None:
    page = client.get(f"/rounds/{play(session).round.code}/fairness?lang=en").text
    assert "Fairness report" in page
    assert "health centre" in page


def test_before_the_publication_the_report_says_where_the_round_stands(
    client: FlaskClient, session: Session
) -> None:
    round_, _ = make_open_round(session, make_product(session))
    page = client.get(f"/rounds/{round_.code}/fairness").text
    assert "신청을 2026-12-03 12:00까지 받고" in page
    assert "fairness.xlsx" not in page


@pytest.mark.parametrize(
    "query",
    ["q=%00", "q=%ED%A0%80", "region=%00", f"region={CITY_HALL_EMD}&after=%00", "q=a&q=b", "x=1"],
)
def test_whatever_is_typed_gets_a_page(client: FlaskClient, session: Session, query: str) -> None:
    assert client.get(f"/rounds/{play(session).round.code}/why?{query}").status_code == 200
