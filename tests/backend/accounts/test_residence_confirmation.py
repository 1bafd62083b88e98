"""Confirming where one lives by a position, which is then forgotten."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.accounts.models import Account, LocationUse
from backend.accounts.residences import forget_location_uses
from backend.audit.models import AuditEvent
from backend.idempotency.models import KeptAnswer
from tests.conftest import NOW, Clock
from tests.support.people import CITY_HALL, CITY_HALL_EMD, register

URL = "/api/v1/me/residence/confirmation"
AT_CITY_HALL = {"lon": CITY_HALL[0], "lat": CITY_HALL[1], "accuracy_m": 15}
IN_BUSAN = {"lon": 129.0756, "lat": 35.1796, "accuracy_m": 15}
ACROSS_THE_BORDER = {"lon": 126.9644, "lat": 37.56, "accuracy_m": 10}
"""서대문구 충정로3가, 21 m from 중구 중림동."""
JUNGRIM = "11140171"


@pytest.fixture
def citizen(session: Session) -> Account:
    """Somebody who declared to live at City Hall."""
    return register(session, residence=CITY_HALL_EMD)


def agree_to_positions(client: FlaskClient, headers: dict[str, str]) -> None:
    documents = client.get("/api/v1/consent-documents").json["items"]
    version = next(one["version"] for one in documents if one["key"] == "location")
    said = {"version": version, "agreed": True}
    answer = client.put("/api/v1/me/consents/location", json=said, headers=headers)
    assert answer.status_code == 200, answer.text


@pytest.fixture
def headers(citizen: Account, sign_in: Any, client: FlaskClient) -> dict[str, str]:
    """The headers of that person, who agreed that positions are used."""
    headers = sign_in(citizen.email)
    agree_to_positions(client, headers)
    return headers


def test_a_position_in_the_neighbourhood_confirms_it(
    client: FlaskClient, headers: dict[str, str]
) -> None:
    answer = client.post(URL, json=AT_CITY_HALL, headers=headers)
    assert (answer.status_code, answer.json["result"]) == (200, "confirmed")
    assert answer.json["residence"]["confirmed_at"] is not None


def test_a_position_elsewhere_confirms_nothing(
    client: FlaskClient, headers: dict[str, str]
) -> None:
    answer = client.post(URL, json=IN_BUSAN, headers=headers)
    assert (answer.status_code, answer.json["result"]) == (200, "elsewhere")
    assert answer.json["residence"]["confirmed_at"] is None


def test_what_was_confirmed_stays_so_while_one_travels(
    client: FlaskClient, headers: dict[str, str], clock: Clock
) -> None:
    confirmed = client.post(URL, json=AT_CITY_HALL, headers=headers).json["residence"]
    clock.move(minutes=5)
    assert client.post(URL, json=IN_BUSAN, headers=headers).json["residence"] == confirmed


def test_a_phone_that_drifts_over_the_border_confirms_too(
    client: FlaskClient, session: Session, sign_in: Any
) -> None:
    neighbour = sign_in(register(session, residence=JUNGRIM).email)
    agree_to_positions(client, neighbour)
    answer = client.post(URL, json=ACROSS_THE_BORDER, headers=neighbour)
    assert answer.json["result"] == "confirmed"


def test_without_a_declared_residence_there_is_nothing_to_confirm(
    client: FlaskClient, session: Session, sign_in: Any
) -> None:
    newcomer = sign_in(register(session).email)
    agree_to_positions(client, newcomer)
    answer = client.post(URL, json=AT_CITY_HALL, headers=newcomer)
    assert (answer.status_code, answer.json["code"]) == (404, "residence_not_declared")


def test_without_consent_no_position_is_used(
    client: FlaskClient, session: Session, sign_in: Any
) -> None:
    unasked = sign_in(register(session, residence=CITY_HALL_EMD).email)
    answer = client.post(URL, json=AT_CITY_HALL, headers=unasked)
    assert (answer.status_code, answer.json["code"]) == (403, "consent_required")
    assert client.get("/api/v1/me/location-uses", headers=unasked).json["items"] == []


@pytest.mark.parametrize(
    ("position", "code", "field"),
    [
        ({**AT_CITY_HALL, "accuracy_m": 501}, "position_too_inexact", "json.accuracy_m"),
        ({**AT_CITY_HALL, "accuracy_m": -1}, "fields_invalid", "json.accuracy_m"),
        ({"lon": 37.5663, "lat": 126.9779, "accuracy_m": 5}, "coordinates_swapped", "json"),
        ({"lon": 37.5663, "lat": 66.9, "accuracy_m": 5}, "point_outside_korea", "json"),
        ({"lon": 139.7, "lat": 35.6, "accuracy_m": 5}, "point_outside_korea", "json"),
        ({"lon": 126.9, "lat": 37.5}, "fields_invalid", "json.accuracy_m"),
    ],
)
def test_a_position_that_says_nothing_is_refused(
    client: FlaskClient, headers: dict[str, str], position: Any, code: str, field: str
) -> None:
    answer = client.post(URL, json=position, headers=headers)
    assert answer.status_code == 422
    assert answer.json["code"] == code
    assert list(answer.json["errors"]) == [field]


def test_the_use_is_logged_for_the_person_to_read(
    client: FlaskClient, headers: dict[str, str]
) -> None:
    client.post(URL, json=IN_BUSAN, headers=headers)
    client.post(URL, json=AT_CITY_HALL, headers=headers)
    uses = client.get("/api/v1/me/location-uses", headers=headers).json["items"]
    assert [(use["result"], use["region_code"]) for use in uses] == [
        ("confirmed", CITY_HALL_EMD),
        ("elsewhere", CITY_HALL_EMD),
    ]


def test_the_position_is_kept_nowhere(
    client: FlaskClient, headers: dict[str, str], session: Session
) -> None:
    client.post(URL, json=IN_BUSAN, headers={**headers, "Idempotency-Key": str(uuid4())})
    kept = [
        *session.execute(select(*AuditEvent.__table__.columns)).all(),
        *session.execute(select(*LocationUse.__table__.columns)).all(),
    ]
    assert kept
    assert not [row for row in kept if "129.07" in str(row) or "35.17" in str(row)]
    assert session.scalars(select(KeptAnswer)).all() == [], "not even its fingerprint"


def test_the_log_is_cleared_after_its_time(
    client: FlaskClient, headers: dict[str, str], session: Session
) -> None:
    client.post(URL, json=AT_CITY_HALL, headers=headers)
    assert forget_location_uses(session, kept_days=365, now=NOW + timedelta(days=364)) == 0
    assert forget_location_uses(session, kept_days=365, now=NOW + timedelta(days=366)) == 1


def test_the_history_tells_where_one_lived_before(
    client: FlaskClient, headers: dict[str, str], clock: Clock
) -> None:
    clock.move(minutes=5)
    client.put("/api/v1/me/residence", json={"region_code": JUNGRIM}, headers=headers)
    items = client.get("/api/v1/me/residences", headers=headers).json["items"]
    assert [(item["region_code"], item["superseded_at"] is None) for item in items] == [
        (JUNGRIM, True),
        (CITY_HALL_EMD, False),
    ]
