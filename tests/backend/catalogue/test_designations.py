"""Designations: three years, one more, two more, and no further."""

from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from backend.catalogue.validity import last_day
from tests.support.rounds import make_product

GIVEN = {
    "track": "FT2",
    "designation_type": 1,
    "certificate_number": "2024-123",
    "designated_on": "2024-03-01",
}


@pytest.mark.parametrize(
    ("designated_on", "years", "expected"),
    [
        (date(2024, 3, 1), 3, date(2027, 2, 28)),
        (date(2024, 3, 1), 6, date(2030, 2, 28)),
        (date(2024, 2, 29), 3, date(2027, 2, 28)),
        (date(2024, 2, 29), 4, date(2028, 2, 28)),
        (date(2025, 1, 1), 3, date(2027, 12, 31)),
    ],
)
def test_a_designation_ends_on_the_day_before_its_anniversary(
    designated_on: date, years: int, expected: date
) -> None:
    assert last_day(designated_on, years) == expected


@pytest.mark.parametrize("designated_on", ["2024-03-01", "2024-02-29"])
def test_a_designation_is_extended_by_one_year_then_by_two(
    client: FlaskClient, session: Session, officer: dict[str, str], designated_on: str
) -> None:
    product = make_product(session, designated_on=None)
    url = f"/api/v1/products/{product.id}/designations"
    made = client.post(url, json={**GIVEN, "designated_on": designated_on}, headers=officer)
    assert made.status_code == 201, made.text
    assert made.json["valid_until"] == "2027-02-28"
    extensions = f"{url}/{made.json['id']}/extensions"
    ends = []
    for _ in range(2):
        answer = client.post(extensions, json={"granted_on": "2026-11-01"}, headers=officer)
        assert answer.status_code == 201, answer.text
        ends.append(answer.json["valid_until"])
    assert [end[:7] for end in ends] == ["2028-02", "2030-02"]
    assert [row["years"] for row in answer.json["extensions"]] == [1, 2]
    third = client.post(extensions, json={"granted_on": "2026-11-01"}, headers=officer)
    assert third.status_code == 409
    assert third.json["code"] == "designation_fully_extended"
    shown = client.get(f"/api/v1/products/{product.id}").json["designations"]
    assert [row["valid_until"] for row in shown] == [ends[-1]]


@pytest.mark.parametrize("granted_on", ["2022-12-31", "2026-01-02"])
def test_an_extension_is_granted_while_the_designation_holds(
    client: FlaskClient, session: Session, officer: dict[str, str], granted_on: str
) -> None:
    product = make_product(session, designated_on=date(2023, 1, 1))
    designation = product.designations[0]
    answer = client.post(
        f"/api/v1/products/{product.id}/designations/{designation.id}/extensions",
        json={"granted_on": granted_on},
        headers=officer,
    )
    assert answer.status_code == 422
    assert answer.json["code"] == "extension_outside_validity"


def test_what_is_yet_to_come_cannot_be_entered(
    client: FlaskClient, session: Session, officer: dict[str, str]
) -> None:
    product = make_product(session)
    url = f"/api/v1/products/{product.id}/designations"
    future = client.post(url, json={**GIVEN, "designated_on": "2026-11-24"}, headers=officer)
    assert future.json["code"] == "designation_in_future"
    answer = client.post(
        f"{url}/{product.designations[0].id}/extensions",
        json={"granted_on": "2026-11-24"},
        headers=officer,
    )
    assert answer.json["code"] == "designation_in_future"


def test_a_certificate_number_is_given_once(
    client: FlaskClient, session: Session, officer: dict[str, str]
) -> None:
    url = f"/api/v1/products/{make_product(session).id}/designations"
    assert client.post(url, json=GIVEN, headers=officer).status_code == 201
    again = client.post(url, json=GIVEN, headers=officer)
    assert again.status_code == 409
    assert again.json["code"] == "certificate_number_taken"


@pytest.mark.parametrize(
    "change",
    [
        {"track": "FT4"},
        {"designation_type": 3},
        {"designation_type": "1"},
        {"designated_on": "2023-02-29"},
        {"certificate_number": ""},
        {"valid_until": "2030-01-01"},
    ],
)
def test_a_wrong_designation_is_refused(
    client: FlaskClient, session: Session, officer: dict[str, str], change: dict[str, Any]
) -> None:
    url = f"/api/v1/products/{make_product(session).id}/designations"
    answer = client.post(url, json={**GIVEN, **change}, headers=officer)
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == [f"json.{next(iter(change))}"]


def test_only_an_officer_designates(
    client: FlaskClient, session: Session, citizen: dict[str, str]
) -> None:
    product = make_product(session)
    url = f"/api/v1/products/{product.id}/designations"
    extensions = f"{url}/{product.designations[0].id}/extensions"
    for address, body in ((url, GIVEN), (extensions, {"granted_on": "2026-11-01"})):
        assert client.post(address, json=body).status_code == 401
        assert client.post(address, json=body, headers=citizen).status_code == 403


def test_a_designation_belongs_to_its_product(
    client: FlaskClient, session: Session, officer: dict[str, str]
) -> None:
    mine, other = make_product(session), make_product(session)
    answer = client.post(
        f"/api/v1/products/{mine.id}/designations/{other.designations[0].id}/extensions",
        json={"granted_on": "2026-11-01"},
        headers=officer,
    )
    assert answer.status_code == 404
    assert answer.json["code"] == "designation_not_found"
