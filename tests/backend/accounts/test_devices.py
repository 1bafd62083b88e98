"""The devices on which one is signed in, and signing them out."""

from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from backend.accounts import retention, sessions
from backend.accounts.models import Account, RefreshToken, SignIn
from backend.audit.models import AuditEvent
from tests.conftest import Clock
from tests.support.people import PASSWORD, register

SESSIONS, DEVICES = "/api/v1/sessions", "/api/v1/me/devices"
PHONE = str(uuid4())


@pytest.fixture
def account(session: Session) -> Account:
    """Somebody with several devices."""
    return register(session)


def enter(client: FlaskClient, account: Account, **device: object) -> dict[str, str]:
    """Sign in on a device and return the headers."""
    body = {"email": account.email, "password": PASSWORD, **device}
    answer = client.post(SESSIONS, json=body)
    assert answer.status_code == 201, answer.text
    return {"Authorization": f"Bearer {answer.json['access_token']}"}


def listed(client: FlaskClient, headers: dict[str, str]) -> list[dict[str, Any]]:
    answer = client.get(DEVICES, headers=headers)
    assert answer.status_code == 200
    return answer.json["items"]


def test_a_device_is_listed_as_the_app_named_it(client: FlaskClient, account: Account) -> None:
    headers = enter(client, account, device_id=PHONE, device_name="민의 전화", platform="ios")
    assert listed(client, headers) == [
        {
            "id": PHONE,
            "name": "민의 전화",
            "platform": "ios",
            "first_seen_on": "2026-11-23",
            "last_seen_on": "2026-11-23",
            "is_current": True,
        }
    ]


def test_the_one_that_asks_is_the_current_one(client: FlaskClient, account: Account) -> None:
    first, second = enter(client, account, device_id=PHONE), enter(client, account)
    assert [item["is_current"] for item in listed(client, second)] == [True, False]
    assert [item["is_current"] for item in listed(client, first)] == [False, True]


def test_a_device_without_an_id_gets_a_new_one(client: FlaskClient, account: Account) -> None:
    body = {"email": account.email, "password": PASSWORD}
    given = {client.post(SESSIONS, json=body).json["device_id"] for _ in range(2)}
    headers = enter(client, account, device_id=PHONE)
    assert {item["id"] for item in listed(client, headers)} == given | {PHONE}


def test_signing_in_again_on_a_device_ends_the_sign_in_before(
    client: FlaskClient, account: Account, clock: Clock
) -> None:
    before = enter(client, account, device_id=PHONE)
    clock.move(days=3)
    after = enter(client, account, device_id=PHONE)
    assert client.get("/api/v1/me", headers=before).status_code == 401
    (item,) = listed(client, after)
    assert (item["first_seen_on"], item["last_seen_on"]) == ("2026-11-23", "2026-11-26")


def test_two_people_may_share_a_device(
    client: FlaskClient, session: Session, account: Account
) -> None:
    headers = enter(client, account, device_id=PHONE)
    enter(client, register(session), device_id=PHONE)
    assert len(listed(client, headers)) == 1


def test_a_renewal_is_a_sign_of_life(client: FlaskClient, account: Account, clock: Clock) -> None:
    body = {"email": account.email, "password": PASSWORD, "device_id": PHONE}
    pair = client.post(SESSIONS, json=body).json
    clock.move(days=2)
    answer = client.post(
        f"{SESSIONS}/renewal", json={"refresh_token": pair["refresh_token"], "device_id": PHONE}
    )
    headers = {"Authorization": f"Bearer {answer.json['access_token']}"}
    assert listed(client, headers)[0]["last_seen_on"] == "2026-11-25"


def test_a_device_that_is_signed_out_is_out_at_once(client: FlaskClient, account: Account) -> None:
    phone, laptop = enter(client, account, device_id=PHONE), enter(client, account)
    assert client.delete(f"{DEVICES}/{PHONE}", headers=laptop).status_code == 204
    assert client.get("/api/v1/me", headers=phone).json["code"] == "token_invalid"
    assert len(listed(client, laptop)) == 1


def test_nobody_signs_out_somebody_elses_device(
    client: FlaskClient, session: Session, account: Account
) -> None:
    mine = enter(client, account, device_id=PHONE)
    theirs = enter(client, register(session))
    answer = client.delete(f"{DEVICES}/{PHONE}", headers=theirs)
    assert (answer.status_code, answer.json["code"]) == (404, "device_not_found")
    assert client.get("/api/v1/me", headers=mine).status_code == 200


def test_signing_out_everywhere_leaves_no_token_good(
    client: FlaskClient, session: Session, account: Account
) -> None:
    other = enter(client, register(session))
    everywhere = [enter(client, account) for _ in range(3)]
    assert client.delete(DEVICES, headers=everywhere[0]).status_code == 204
    assert {client.get("/api/v1/me", headers=each).status_code for each in everywhere} == {401}
    assert client.get("/api/v1/me", headers=other).status_code == 200
    event = session.scalar(
        select(AuditEvent).where(AuditEvent.action == "account.signed_out_everywhere")
    )
    assert event.data == '{"devices":3}'


def test_a_sign_in_that_nobody_renewed_is_listed_no_more(
    client: FlaskClient, account: Account, clock: Clock
) -> None:
    enter(client, account, device_id=PHONE)
    clock.move(days=30)
    assert [item["id"] for item in listed(client, enter(client, account))] != [PHONE]


def test_no_address_of_a_device_is_kept() -> None:
    assert {column.key for column in inspect(SignIn).columns} == {
        "id",
        "account_id",
        "device_id",
        "device_name",
        "platform",
        "first_seen_on",
        "last_seen_on",
        "started_at",
        "expires_at",
        "ended_at",
    }


def test_one_device_too_many_ends_the_one_seen_longest_ago(
    client: FlaskClient, account: Account, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "MOST_DEVICES", 2)
    entered = []
    for _ in range(3):
        entered.append(enter(client, account))
        clock.move(minutes=1)
    answers = [client.get("/api/v1/me", headers=each).status_code for each in entered]
    assert answers == [401, 200, 200]
    assert len(listed(client, entered[2])) == 2


@pytest.mark.parametrize(
    ("field", "value"),
    [("device_id", "my phone"), ("device_name", "x" * 61), ("platform", "toaster")],
)
def test_what_is_no_device_is_refused(
    client: FlaskClient, account: Account, field: str, value: str
) -> None:
    body = {"email": account.email, "password": PASSWORD, field: value}
    assert list(client.post(SESSIONS, json=body).json["errors"]) == [f"json.{field}"]


def test_what_is_over_is_forgotten_and_the_rest_goes_on(
    client: FlaskClient, session: Session, account: Account, clock: Clock
) -> None:
    enter(client, account)
    clock.move(days=20)
    headers = enter(client, account)
    clock.move(days=10)
    assert retention.forget_some(session, now=clock()) == 1
    session.commit()
    assert len(session.scalars(select(SignIn)).all()) == 1
    assert len(session.scalars(select(RefreshToken)).all()) == 1
    assert client.get("/api/v1/me", headers=headers).json["code"] == "token_expired"
