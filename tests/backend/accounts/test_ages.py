"""Who is under fourteen, and until when; the date of birth itself is nowhere."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.orm import Session

from backend.accounts.ages import birthday
from backend.accounts.models import Account
from backend.jobs.queue import load_tasks, tasks
from tests.conftest import Clock
from tests.support.people import register

AGE = "/api/v1/me/age"
TODAY = date(2026, 11, 23)
DAY = timedelta(days=1)


@pytest.fixture
def newcomer(session: Session, sign_in: Any) -> dict[str, str]:
    """Headers of somebody who has not declared their age."""
    return sign_in(register(session, email="new@example.com", is_ready=False).email)


def declare(client: FlaskClient, headers: dict[str, str], born_on: date | str) -> Any:
    return client.put(AGE, json={"born_on": str(born_on)}, headers=headers)


def test_nothing_is_known_at_first(client: FlaskClient, newcomer: dict[str, str]) -> None:
    answer = client.get(AGE, headers=newcomer)
    assert answer.json == {"declared": False, "guardian_needed_until": None}


@pytest.mark.parametrize(
    ("born_on", "until"),
    [
        (date(1990, 1, 1), None),
        (date(2012, 11, 23), None),
        (date(2012, 11, 24), "2026-11-24"),
        (TODAY, "2040-11-23"),
        (date(2016, 2, 29), "2030-03-01"),
    ],
)
def test_a_child_needs_a_guardian_until_the_fourteenth_birthday(
    client: FlaskClient, newcomer: dict[str, str], born_on: date, until: str | None
) -> None:
    answer = declare(client, newcomer, born_on)
    assert answer.json == {"declared": True, "guardian_needed_until": until}
    assert client.get(AGE, headers=newcomer).json == answer.json


def test_the_day_is_that_of_korea(
    client: FlaskClient, session: Session, sign_in: Any, clock: Clock
) -> None:
    clock.time = datetime(2026, 11, 23, 14, 59, tzinfo=UTC)
    newcomer = sign_in(register(session, is_ready=False).email)
    assert declare(client, newcomer, "2012-11-24").json["guardian_needed_until"] == "2026-11-24"
    clock.move(minutes=1)
    assert client.get(AGE, headers=newcomer).json["guardian_needed_until"] is None


@pytest.mark.parametrize("born_on", [TODAY + DAY, date(1890, 1, 1), date(1, 1, 1)])
def test_nobody_is_born_then(client: FlaskClient, newcomer: dict[str, str], born_on: date) -> None:
    answer = declare(client, newcomer, born_on)
    assert (answer.status_code, answer.json["code"]) == (422, "birth_date_impossible")


def test_a_child_does_not_grow_up_by_saying_so(
    client: FlaskClient, newcomer: dict[str, str]
) -> None:
    declare(client, newcomer, "2015-05-05")
    answer = declare(client, newcomer, "1990-01-01")
    assert (answer.status_code, answer.json["code"]) == (409, "age_declared_otherwise")


def test_the_same_may_be_said_again(
    client: FlaskClient, newcomer: dict[str, str], clock: Clock
) -> None:
    declare(client, newcomer, "2012-12-01")
    assert declare(client, newcomer, "2012-12-01").status_code == 200
    clock.move(days=30)
    fresh = client.post(
        "/api/v1/sessions", json={"email": "new@example.com", "password": "correct horse battery"}
    )
    headers = {"Authorization": f"Bearer {fresh.json['access_token']}"}
    assert declare(client, headers, "2012-12-01").json["guardian_needed_until"] is None


def test_the_date_of_birth_is_kept_nowhere(
    client: FlaskClient, session: Session, newcomer: dict[str, str]
) -> None:
    declare(client, newcomer, "1987-06-05")
    for table in ("account", "audit_event"):
        rows = session.scalars(text(f"SELECT t::text FROM {table} t")).all()  # noqa: S608
        assert rows
        assert not [row for row in rows if "1987-06-05" in row or "-06-05" in row]


def test_who_turned_fourteen_is_no_child_on_record(
    app: Flask, session: Session, clock: Clock
) -> None:
    grown, child = (
        register(session, guardian_needed_until=TODAY + days) for days in (0 * DAY, DAY)
    )
    load_tasks()
    with app.app_context():
        tasks.get("guardians.forget")(timestamp=0)
    session.expire_all()
    assert session.get_one(Account, grown.id).guardian_needed_until is None
    assert session.get_one(Account, child.id).guardian_needed_until == TODAY + DAY


@given(born_on=st.dates(date(1900, 1, 1), date(2100, 12, 31)), age=st.integers(0, 130))
def test_a_birthday_is_the_first_day_of_that_age(born_on: date, age: int) -> None:
    found = birthday(born_on, age)
    assert found.year == born_on.year + age
    assert (found.month, found.day) in {(born_on.month, born_on.day), (3, 1)}
    assert (found.month, found.day) >= (born_on.month, born_on.day)
