"""What a field refuses, so that neither we nor the database ever meet it."""

from datetime import UTC, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from marshmallow import ValidationError
from sqlalchemy.orm import Session

from backend.fields import Flag, Instant
from tests.support.people import make_officer


@pytest.mark.parametrize(
    "text",
    [
        "0001-01-01T00:00:00+14:00",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59-12:00",
        "3000-01-01T00:00:00Z",
        "2026-01-01T00:00:00",
    ],
)
def test_a_time_without_a_date_everywhere_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        Instant().deserialize(text)


def test_a_time_is_kept_in_utc() -> None:
    assert Instant().deserialize("2026-01-01T00:00:00+09:00") == datetime(
        2025, 12, 31, 15, tzinfo=UTC
    )


def test_a_round_at_the_end_of_the_calendar_does_not_break_the_list(
    client: FlaskClient, session: Session, sign_in: Any
) -> None:
    headers = sign_in(make_officer(session).email)
    facts = {
        "code": "2026-9",
        "programme_year": 2026,
        "title_ko": "끝없는 차수",
        "title_en": "A round without end",
        "opens_at": "2026-01-01T00:00:00Z",
        "closes_at": "9999-12-31T23:59:59-12:00",
    }
    answer = client.post("/api/v1/rounds", json=facts, headers=headers)
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == ["json.closes_at"]
    assert client.get("/api/v1/rounds", headers=headers).status_code == 200


@pytest.mark.parametrize("value", [0, 1, "true", "on", "yes", [], None])
def test_only_true_and_false_are_a_yes_or_a_no(value: object) -> None:
    with pytest.raises(ValidationError):
        Flag().deserialize(value)
    assert [Flag().deserialize(answer) for answer in (True, False)] == [True, False]


@pytest.mark.parametrize("path", ["", "/reviews", "/proposal-ranks/2026", "/category-ranks/2026"])
def test_a_code_with_a_null_byte_is_no_local_government(
    client: FlaskClient, session: Session, sign_in: Any, path: str
) -> None:
    headers = sign_in(make_officer(session).email)
    answer = client.get(f"/api/v1/local-governments/1%00{path}", headers=headers)
    assert answer.status_code == 404


def test_a_null_byte_signs_nobody_in(client: FlaskClient) -> None:
    body = {"email": "a\x00b@example.com", "password": "x"}
    assert client.post("/api/v1/sessions", json=body).status_code == 422


def test_a_null_byte_is_no_local_government_of_a_product(
    client: FlaskClient, session: Session, sign_in: Any
) -> None:
    product = {
        "name_ko": "비상벨",
        "name_en": "Bell",
        "summary": "누르면 울립니다.",
        "category": "safety",
        "unit_price_krw": 1,
        "rnd_local_government_code": "1\x00",
        "rnd_project": "과제",
    }
    headers = sign_in(make_officer(session).email)
    answer = client.post("/api/v1/products", json=product, headers=headers)
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == ["json.rnd_local_government_code"]
