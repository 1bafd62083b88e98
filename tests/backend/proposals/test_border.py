"""Points near a border: the author says on which side they lie."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.support.headers import AS_IT_IS
from tests.support.people import CITY_HALL_EMD, register

URL = "/api/v1/proposals"
BORDER = {"lon": 126.9644, "lat": 37.56, "accuracy_m": 10}
"""서대문구 충정로3가 (11410102), 21 m from 중구 중림동 (11140171)."""


@pytest.fixture
def author(session: Session, sign_in: Callable[..., dict[str, str]]) -> dict[str, str]:
    """The headers of somebody who proposes."""
    return sign_in(register(session, residence=CITY_HALL_EMD).email)


@pytest.fixture
def draft(client: FlaskClient, author: dict[str, str]) -> Callable[..., Any]:
    """Return a function: changes of the location -> the answer to a new draft there."""

    def post(**changes: Any) -> Any:
        body = {"category": "safety", "title": "횡단보도 조명", "location": {**BORDER, **changes}}
        return client.post(URL, json=body, headers=author)

    return post


def codes(answer: Any) -> list[str]:
    return [candidate["code"] for candidate in answer.json["border"]["candidates"]]


def test_a_point_near_a_border_asks_for_confirmation(draft: Callable[..., Any]) -> None:
    answer = draft()
    assert answer.json["place"]["emd"]["code"] == "11410102"
    assert answer.json["border"]["confirmation_needed"] is True
    assert codes(answer) == ["11140171", "11410103"]
    nearest = answer.json["border"]["candidates"][0]
    assert nearest["local_government_code"] == "11140"
    assert 0 < nearest["distance_m"] < 40


def test_a_point_in_the_middle_asks_for_nothing(draft: Callable[..., Any]) -> None:
    answer = draft(lon=128.5, lat=37.4)
    assert answer.json["border"] == {"confirmation_needed": False, "candidates": []}


def test_confirming_the_neighbour_makes_its_government_competent(draft: Callable[..., Any]) -> None:
    answer = draft(confirmed_region_code="1114017100")
    assert answer.json["place"]["emd"]["code"] == "11140171"
    assert answer.json["place"]["local_government"]["code"] == "11140"
    assert answer.json["border"]["confirmation_needed"] is False
    assert codes(answer) == ["11410102", "11410103"]
    assert answer.json["border"]["candidates"][0]["distance_m"] == 0, "the point lies in it"


def test_confirming_the_own_neighbourhood_ends_the_question(draft: Callable[..., Any]) -> None:
    answer = draft(confirmed_region_code="11410102")
    assert answer.json["place"]["emd"]["code"] == "11410102"
    assert answer.json["border"]["confirmation_needed"] is False


def test_a_neighbourhood_far_away_cannot_be_confirmed(draft: Callable[..., Any]) -> None:
    answer = draft(confirmed_region_code="26470101")
    assert (answer.status_code, answer.json["code"]) == (422, "region_not_near_point")
    assert "json.location.confirmed_region_code" in answer.json["errors"]


def test_an_inexact_point_may_lie_farther_over_the_border(draft: Callable[..., Any]) -> None:
    assert len(codes(draft(accuracy_m=800))) > len(codes(draft()))


def test_moving_the_point_asks_anew(
    client: FlaskClient, author: dict[str, str], draft: Callable[..., Any]
) -> None:
    made = draft(confirmed_region_code="11140171").json
    moved = client.patch(
        f"{URL}/{made['id']}",
        json={"location": {**BORDER, "lon": 126.9645}},
        headers={**author, **AS_IT_IS},
    )
    assert moved.json["border"]["confirmation_needed"] is True


def test_nobody_else_learns_how_near_the_border_it_is(
    client: FlaskClient, author: dict[str, str], draft: Callable[..., Any]
) -> None:
    public = client.get(f"{URL}/{draft().json['id']}", headers=author).json
    assert "border" not in public
