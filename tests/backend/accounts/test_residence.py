"""Declaring where one lives."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.accounts.models import Account, Residence
from backend.accounts.residences import declare_residence
from backend.db import db, unit_of_work
from tests.conftest import NOW, Clock
from tests.support.people import register

RESIDENCE = "/api/v1/me/residence"


@pytest.fixture
def citizen(session: Session) -> Account:
    """Somebody who has declared nothing yet."""
    return register(session, email="citizen@example.com")


@pytest.fixture
def headers(citizen: Account, sign_in: Any) -> dict[str, str]:
    """The headers of that person's requests, for as long as an access token lives."""
    return sign_in(citizen.email)


def declare(client: FlaskClient, headers: dict[str, str], code: object) -> Any:
    return client.put(RESIDENCE, json={"region_code": code}, headers=headers)


def test_a_residence_is_a_legal_dong(client: FlaskClient, headers: dict[str, str]) -> None:
    assert declare(client, headers, "11140103").json["region_code"] == "11140103"


def test_a_ri_counts_as_its_eup_or_myeon(client: FlaskClient, headers: dict[str, str]) -> None:
    assert declare(client, headers, "4311325027").json["region_code"] == "43113250"


def test_moving_keeps_the_residence_before(
    client: FlaskClient, headers: dict[str, str], session: Session, citizen: Account, clock: Clock
) -> None:
    declare(client, headers, "11140103")
    clock.move(minutes=10)
    declare(client, headers, "4311325027")
    rows = session.scalars(select(Residence).where(Residence.account_id == citizen.id)).all()
    assert {(row.region_code, row.superseded_at is None) for row in rows} == {
        ("11140103", False),
        ("43113250", True),
    }


def test_declaring_the_same_again_keeps_its_date(
    client: FlaskClient, headers: dict[str, str], clock: Clock
) -> None:
    first = declare(client, headers, "11140103").json["declared_at"]
    clock.move(minutes=10)
    assert declare(client, headers, "1114010300").json["declared_at"] == first


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("11140", "region_too_coarse"),
        ("11", "region_too_coarse"),
        ("11999999", "region_unknown"),
        ("seoul", "fields_invalid"),
        (11140103, "fields_invalid"),
        (None, "fields_invalid"),
    ],
)
def test_what_is_no_neighbourhood_is_refused(
    client: FlaskClient, headers: dict[str, str], code: object, problem: str
) -> None:
    answer = declare(client, headers, code)
    assert (answer.status_code, answer.json["code"]) == (422, problem)
    assert "json.region_code" in answer.json["errors"]


def test_a_refused_residence_leaves_nothing_behind(
    client: FlaskClient, headers: dict[str, str]
) -> None:
    declare(client, headers, "11140")
    answer = client.get(RESIDENCE, headers=headers)
    assert (answer.status_code, answer.json["code"]) == (404, "residence_not_declared")


def test_the_same_declaration_twice_at_once_is_one(committed_app: Flask) -> None:
    with committed_app.app_context():
        account_id = register(db.session()).id
    barrier = Barrier(2)

    def declare_now(_: int) -> UUID:
        with committed_app.app_context(), unit_of_work() as session:
            barrier.wait()
            return declare_residence(
                session, account_id=account_id, region_code="11140103", now=NOW
            ).id

    with ThreadPoolExecutor(2) as threads:
        assert len(set(threads.map(declare_now, range(2)))) == 1
