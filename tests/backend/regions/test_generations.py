"""Generations over HTTP: everybody sees what is or was in force, nobody a draft."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Connection, text

from tests.support.boundaries import LOADED_AT

PATH = "/api/v1/regions/generations"


@pytest.fixture
def changed(connection: Connection, in_force: int, draft: int) -> int:
    """The draft put in force after the three gu."""
    connection.execute(
        text("UPDATE region_generation SET state = 'retired', retired_at = :now WHERE id = :id"),
        {"id": in_force, "now": LOADED_AT},
    )
    connection.execute(
        text("UPDATE region_generation SET state = 'active', activated_at = :now WHERE id = :id"),
        {"id": draft, "now": LOADED_AT},
    )
    return draft


def get(client: FlaskClient, path: str, **query: object) -> Any:
    return client.get(f"{PATH}{path}", query_string=query)


def test_what_is_or_was_in_force_is_listed_and_drafts_are_not(
    client: FlaskClient, in_force: int, draft: int
) -> None:
    answer = get(client, "")
    assert answer.status_code == 200
    country, three_gu = answer.json["items"]
    assert (country["state"], country["emd"], country["local_governments"]) == (
        "retired",
        5064,
        243,
    )
    assert all(source["attribution"] for source in country["sources"])
    assert (three_gu["id"], three_gu["state"], three_gu["emd"]) == (in_force, "active", 80)
    assert three_gu["sources"] == [{"name": "drawn", "attribution": "us"}]


def test_the_difference_between_two_is_public(
    client: FlaskClient, in_force: int, changed: int
) -> None:
    answer = get(client, f"/{changed}/difference", **{"from": in_force})
    assert answer.status_code == 200
    assert (answer.json["before"], answer.json["after"]) == (in_force, changed)
    sido, sigungu, emd = answer.json["levels"]
    nothing = {kind: [] for kind in emd if kind != "level"}
    assert [sido, sigungu] == [{**nothing, "level": "sido"}, {**nothing, "level": "sigungu"}]
    assert [found["after_code"] for found in emd["recoded"]] == ["28110199"]
    assert [found["after"] for found in emd["renamed"]] == ["인천광역시 중구 새동"]


def test_the_second_answer_is_the_first_without_the_work(
    client: FlaskClient, connection: Connection, in_force: int, changed: int
) -> None:
    first = get(client, f"/{changed}/difference", **{"from": in_force})
    connection.execute(text("DELETE FROM region WHERE generation_id = :id"), {"id": in_force})
    assert get(client, f"/{changed}/difference", **{"from": in_force}).json == first.json


def test_a_draft_is_not_there(client: FlaskClient, in_force: int, draft: int) -> None:
    answer = get(client, f"/{draft}/difference", **{"from": in_force})
    assert (answer.status_code, answer.json["code"]) == (404, "generation_not_found")
    answer = get(client, f"/{in_force}/difference", **{"from": draft})
    assert (answer.status_code, answer.json["code"]) == (422, "generation_unknown")
    assert list(answer.json["errors"]) == ["query.from"]


@pytest.mark.parametrize("generation_id", [0, 10**6, 2**31 - 1])
def test_an_unknown_generation_is_not_there(client: FlaskClient, generation_id: int) -> None:
    answer = get(client, f"/{generation_id}/difference", **{"from": generation_id})
    assert (answer.status_code, answer.json["code"]) == (404, "generation_not_found")


def test_what_to_compare_with_has_to_be_said(client: FlaskClient, in_force: int) -> None:
    answer = get(client, f"/{in_force}/difference")
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == ["query.from"]
