"""The answer to "why not my neighbourhood?": every product, whom it reached, and why."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from backend.fairness.queries import count_institutions_at, place_of
from backend.rounds.facts import load_governments
from backend.rounds.models import MatchingRun
from backend.rounds.residence import covers
from geo.regions import get_region
from tests.backend.fairness.rounds import RURAL_EMD, WITHDRAWAL_REASON, Played, play
from tests.conftest import Clock
from tests.support.maps import BUSAN, BUSAN_EMD
from tests.support.people import CITY_HALL_EMD, make_institution
from tests.support.rounds import CLOSED, close, make_open_round, make_product, make_round, run


def ask(client: FlaskClient, round_id: object, **query: Any) -> Any:
    """Ask as somebody who is not signed in."""
    return client.get(f"/api/v1/rounds/{round_id}/explanations", query_string=query)


def told(answer: Any) -> dict[str, str]:
    """Return the reason of each product by its name."""
    return {item["product_name"]: item["reason"] for item in answer.json["items"]}


def test_every_offered_product_is_answered_for(client: FlaskClient, played: Played) -> None:
    answer = ask(client, played.round.id, region=CITY_HALL_EMD)
    assert told(answer) == {
        "비상벨": "awarded", "로봇": "no_application", "조명": "no_application",
    }  # fmt: skip
    assert answer.json["summary"] == {
        "awarded": 1, "refused": 0, "no_application": 2, "offer_withdrawn": 0,
    }  # fmt: skip
    assert answer.json["published"] is True


def test_what_was_refused_is_explained_in_the_readers_language(
    client: FlaskClient, played: Played
) -> None:
    query = {"region": BUSAN_EMD}
    address = f"/api/v1/rounds/{played.round.id}/explanations"
    korean = client.get(address, query_string=query).json["items"][0]
    english = client.get(address, query_string=query, headers={"Accept-Language": "en"}).json[
        "items"
    ][0]
    assert (korean["reason"], korean["institution_name"]) == ("below_cutoff", "연제구보건소")
    assert "거주지" in korean["explanation"]
    assert "home" in english["explanation"]


def test_placed_products_come_before_refused_ones_and_silence_last(
    client: FlaskClient, session: Session, played: Played
) -> None:
    answer = ask(client, played.round.id, region="41800")
    assert [item["reason"] for item in answer.json["items"]] == [
        "awarded", "no_application", "no_application",
    ]  # fmt: skip


@pytest.mark.parametrize("code", ["1114010300", "11140103", "11140", "1114000000"])
def test_a_place_may_be_named_by_any_of_its_codes(
    client: FlaskClient, played: Played, code: str
) -> None:
    assert told(ask(client, played.round.id, region=code))["비상벨"] == "awarded"


def test_a_city_hears_of_an_office_that_serves_a_part_of_it(
    client: FlaskClient, played: Played
) -> None:
    assert told(ask(client, played.round.id, region="41800"))["조명"] == "awarded"
    assert told(ask(client, played.round.id, region=RURAL_EMD))["조명"] == "awarded"
    neighbour = ask(client, played.round.id, region="41800250")
    assert told(neighbour)["조명"] == "no_application"


def test_where_nobody_asked_it_says_who_could_have(client: FlaskClient, played: Played) -> None:
    answer = ask(client, played.round.id, region=BUSAN_EMD)
    silent = next(item for item in answer.json["items"] if item["product_name"] == "로봇")
    assert silent["institution_id"] is None
    assert "보건소 1곳" in silent["explanation"]
    assert answer.json["institutions"] == [{"type": "health_centre", "name": "보건소", "count": 1}]
    assert "부산광역시 연제구" in answer.json["next_steps"]


def test_a_product_that_was_taken_back_is_not_called_unasked_for(
    client: FlaskClient, session: Session
) -> None:
    played = play(session, taken_back="bell")
    answer = ask(client, played.round.id, region=CITY_HALL_EMD)
    assert told(answer)["비상벨"] == "offer_withdrawn"
    assert answer.json["summary"]["offer_withdrawn"] == 1
    last = answer.json["items"][-1]
    assert last["institution_id"] is None
    assert WITHDRAWAL_REASON in last["explanation"]


def test_where_nobody_could_have_asked_it_says_so(client: FlaskClient, played: Played) -> None:
    answer = ask(client, played.round.id, region="50130")
    assert answer.json["institutions"] == []
    assert "등록된 시범사용기관도 없습니다" in answer.json["items"][0]["explanation"]


def test_a_body_of_the_whole_nation_counts_where_the_product_would_stand(
    client: FlaskClient, session: Session, played: Played
) -> None:
    make_institution(session, institution_type="state_body", scope="nationwide")
    here = ask(client, played.round.id, region=CITY_HALL_EMD).json["institutions"]
    elsewhere = ask(client, played.round.id, region=BUSAN_EMD).json["institutions"]
    assert {row["type"] for row in here} == {"health_centre", "state_body"}
    assert {row["type"] for row in elsewhere} == {"health_centre"}


def test_a_long_answer_comes_in_pages_without_gap(client: FlaskClient, played: Played) -> None:
    seen, after = [], {}
    for _ in range(3):
        answer = ask(client, played.round.id, region=CITY_HALL_EMD, limit=1, **after)
        page = answer.json
        seen += [item["product_name"] for item in page["items"]]
        after = {"after": page["next_cursor"]}
        assert ('rel="next"' in answer.headers.get("Link", "")) is bool(page["next_cursor"])
    assert seen == ["비상벨", "로봇", "조명"]
    assert page["next_cursor"] is None


@pytest.mark.parametrize("cursor", ["nonsense", "WyJhIiwgImIiXQ"])
def test_a_foreign_cursor_is_refused(client: FlaskClient, played: Played, cursor: str) -> None:
    answer = ask(client, played.round.id, region=CITY_HALL_EMD, after=cursor)
    assert (answer.status_code, answer.json["code"]) == (422, "cursor_invalid")


@pytest.mark.parametrize(
    ("region", "code"),
    [("11", "place_too_coarse"), ("99999", "region_unknown"), ("abc", "fields_invalid")],
)
def test_a_place_that_cannot_be_answered_for_is_named(
    client: FlaskClient, played: Played, region: str, code: str
) -> None:
    answer = ask(client, played.round.id, region=region)
    assert (answer.status_code, answer.json["code"]) == (422, code)
    assert list(answer.json["errors"]) == ["query.region"]


def test_before_the_publication_it_says_where_the_round_stands(
    client: FlaskClient, session: Session, clock: Clock
) -> None:
    round_, _ = make_open_round(session, make_product(session))
    open_now = ask(client, round_.id, region=CITY_HALL_EMD).json
    assert (open_now["published"], open_now["items"]) == (False, [])
    assert "2026-12-03 12:00" in open_now["stage_text"]
    clock.time = CLOSED
    assert "끝났습니다" in ask(client, round_.id, region=CITY_HALL_EMD).json["stage_text"]
    close(session, round_)
    run(session, round_)
    matched = ask(client, round_.id, region=CITY_HALL_EMD).json
    assert "승인" in matched["stage_text"]
    assert matched["items"] == []


def test_a_draft_is_nobodys_to_ask_about(client: FlaskClient, session: Session) -> None:
    answer = ask(client, make_round(session).id, region=CITY_HALL_EMD)
    assert answer.json["code"] == "round_not_found"


def test_a_result_that_was_withdrawn_is_not_told_any_more(
    client: FlaskClient, session: Session, played: Played
) -> None:
    session.execute(
        update(MatchingRun).where(MatchingRun.id == played.run.id).values(superseded_at=CLOSED)
    )
    session.commit()
    answer = ask(client, played.round.id, region=CITY_HALL_EMD).json
    assert (answer["published"], answer["items"]) == (False, [])
    assert "새 결과를 준비하고" in answer["stage_text"]


SUWON, SUWON_JANGAN, JEJU, SEJONG = "41110", "41111", "50", "36"


@pytest.mark.parametrize(
    "region_code",
    ["11140", CITY_HALL_EMD, SUWON_JANGAN, "41111129", "50110", "50110101", "36110101"],
)
@pytest.mark.parametrize(
    "jurisdiction", ["11", "11140", CITY_HALL_EMD, SUWON, SUWON_JANGAN, JEJU, "50130", SEJONG]
)
def test_who_serves_a_place_is_who_covers_it_or_a_part_of_it(
    session: Session, region_code: str, jurisdiction: str
) -> None:
    make_institution(session, site=BUSAN, emd_code=BUSAN_EMD, jurisdiction_codes=[jurisdiction])
    governments = load_governments(session)
    expected = covers(jurisdiction, region_code, governments) or jurisdiction.startswith(
        region_code
    )
    found = count_institutions_at(session, place_of(get_region(session, region_code)))
    assert bool(found) is expected
