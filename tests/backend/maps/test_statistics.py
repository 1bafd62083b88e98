"""Counts per region: every region is there, zero is zero, and nothing is counted twice."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Connection, text

from tests.support.maps import PublishedRound
from tests.support.rounds import PRICE_KRW

PATH = "/api/v1/maps/statistics"


def values(client: FlaskClient, query: str = "") -> dict[str, dict[str, Any]]:
    """Return the counts by region code."""
    answer = client.get(f"{PATH}?{query}")
    assert answer.status_code == 200, answer.text
    return {value["code"]: value for value in answer.json["values"]}


@pytest.mark.parametrize(("level", "count"), [("sigungu", 252), ("sido", 17)])
def test_every_region_of_the_level_is_there_with_zeros(
    client: FlaskClient, level: str, count: int
) -> None:
    found = values(client, f"level={level}")
    assert len(found) == count
    assert {(row["placements"], row["amount_krw"], row["proposals"]) for row in found.values()} == {
        (0, 0, 0)
    }


def test_a_region_counts_what_lies_in_it(client: FlaskClient, published: PublishedRound) -> None:
    found = values(client)
    junggu = found.pop("11140")
    assert (junggu["placements"], junggu["amount_krw"], junggu["proposals"]) == (1, PRICE_KRW, 2)
    assert not any(row["placements"] or row["proposals"] for row in found.values())


def test_a_sido_counts_its_sigungu_together(client: FlaskClient, published: PublishedRound) -> None:
    seoul = values(client, "level=sido")["11"]
    assert (seoul["placements"], seoul["proposals"]) == (1, 2)


def test_what_lies_abroad_is_counted_apart(client: FlaskClient, published: PublishedRound) -> None:
    assert client.get(PATH).json["elsewhere"] == {
        "placements": 1,
        "amount_krw": PRICE_KRW,
        "proposals": 0,
    }


def test_a_round_narrows_placements_and_leaves_proposals(
    client: FlaskClient, published: PublishedRound
) -> None:
    same = values(client, f"round={published.round.code}")["11140"]
    other = values(client, "round=2000-1")["11140"]
    assert (same["placements"], same["proposals"]) == (1, 2)
    assert (other["placements"], other["proposals"]) == (0, 2)


def test_a_category_narrows_both(client: FlaskClient, published: PublishedRound) -> None:
    traffic = values(client, "category=traffic")["11140"]
    assert (traffic["placements"], traffic["proposals"]) == (0, 1)


def test_the_answer_names_the_boundaries_it_rests_on_and_its_time(client: FlaskClient) -> None:
    answer = client.get(PATH).json
    assert answer["generation"]["data_date"] == "2025-11-30"
    assert answer["as_of"] == "2026-11-23T03:00:00+00:00"


def test_ids_are_those_of_the_tiles(client: FlaskClient, connection: Connection) -> None:
    found = values(client)["11140"]
    known = connection.execute(text("SELECT id FROM region WHERE code = '11140'")).scalar_one()
    assert found["id"] == known
    lon, lat = found["label_point"]
    assert (126.95 < lon < 127.03, 37.53 < lat < 37.58) == (True, True)


def test_without_boundaries_the_answer_says_so(client: FlaskClient, connection: Connection) -> None:
    connection.execute(text("UPDATE region_generation SET state = 'retired'"))
    answer = client.get(PATH)
    assert (answer.status_code, answer.json["code"]) == (503, "boundaries_not_loaded")


def test_the_neighbourhoods_of_a_region_are_counted_with_their_zeros(
    client: FlaskClient, published: PublishedRound
) -> None:
    found = values(client, "level=emd&region_code=11140")
    assert len(found) == 74
    assert all(code.startswith("11140") for code in found)
    assert sum(row["placements"] for row in found.values()) == 1
    assert sum(row["proposals"] for row in found.values()) == 2


def test_a_level_can_be_asked_for_within_a_region(
    client: FlaskClient, published: PublishedRound
) -> None:
    answer = client.get(f"{PATH}?level=sigungu&region_code=11").json
    assert len(answer["values"]) == 25
    assert answer["elsewhere"] == {"placements": 0, "amount_krw": 0, "proposals": 0}


def test_all_neighbourhoods_at_once_are_asked_for_as_rows(client: FlaskClient) -> None:
    answer = client.get(f"{PATH}?level=emd")
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == ["query.region_code"]


@pytest.mark.parametrize("level", ["sido", "sigungu", "emd"])
def test_rows_name_what_there_is_by_the_ids_of_the_tiles(
    client: FlaskClient, published: PublishedRound, level: str
) -> None:
    rows = client.get(f"{PATH}/rows?level={level}").json
    assert rows["columns"] == ["id", "placements", "amount_krw", "proposals"]
    region = {"sido": "11", "sigungu": "11140", "emd": "11140"}[level]
    full = client.get(f"{PATH}?level={level}&region_code={region}").json["values"]
    assert rows["rows"] == [
        [value[column] for column in rows["columns"]]
        for value in full
        if value["placements"] or value["proposals"]
    ]
    assert rows["elsewhere"]["placements"] == 1


def test_rows_of_nothing_are_none(client: FlaskClient) -> None:
    assert client.get(f"{PATH}/rows?level=emd").json["rows"] == []
