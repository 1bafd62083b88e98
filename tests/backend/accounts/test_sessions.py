"""Signing in, staying signed in, signing out."""

from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.audit.models import AuditEvent
from tests.conftest import Clock
from tests.support.people import PASSWORD, register

SESSIONS = "/api/v1/sessions"
PHONE, LAPTOP = str(uuid4()), str(uuid4())


@pytest.fixture
def pair(client: FlaskClient, session: Session) -> dict[str, Any]:
    """The tokens of somebody who has just signed in."""
    account = register(session, email="min@example.com")
    body = {"email": account.email, "password": PASSWORD, "device_id": PHONE}
    answer = client.post(SESSIONS, json=body)
    assert answer.status_code == 201
    return answer.json


def bearer(pair: dict[str, Any]) -> dict[str, str]:
    return {"Authorization": f"Bearer {pair['access_token']}"}


def renew(client: FlaskClient, pair: dict[str, Any], **device: str) -> Any:
    body = {"refresh_token": pair["refresh_token"], **device}
    return client.post(f"{SESSIONS}/renewal", json=body)


def is_in(client: FlaskClient, pair: dict[str, Any]) -> bool:
    return client.get("/api/v1/me", headers=bearer(pair)).status_code == 200


def ends_of(session: Session, pair: dict[str, Any]) -> list[str]:
    """Return the recorded ends of somebody's sign-ins."""
    statement = select(AuditEvent.action).where(
        AuditEvent.subject_id == pair["account_id"],
        AuditEvent.action.in_(["account.signed_out", "account.sign_in_revoked"]),
    )
    return list(session.scalars(statement))


def test_an_access_token_tells_who_calls(client: FlaskClient, pair: dict[str, Any]) -> None:
    assert client.get("/api/v1/me", headers=bearer(pair)).json["email"] == "min@example.com"


def test_the_address_is_found_in_any_case(client: FlaskClient, pair: dict[str, Any]) -> None:
    answer = client.post(SESSIONS, json={"email": "MIN@Example.com", "password": PASSWORD})
    assert answer.status_code == 201


@pytest.mark.parametrize("email", ["min@example.com", "nobody@example.com"])
def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(
    client: FlaskClient, pair: dict[str, Any], email: str
) -> None:
    answer = client.post(SESSIONS, json={"email": email, "password": "wrong password"})
    assert (answer.status_code, answer.json["code"]) == (401, "credentials_invalid")


def test_an_access_token_ends_after_a_quarter_of_an_hour(
    client: FlaskClient, pair: dict[str, Any], clock: Clock
) -> None:
    clock.move(minutes=15)
    answer = client.get("/api/v1/me", headers=bearer(pair))
    assert (answer.status_code, answer.json["code"]) == (401, "token_expired")


def test_a_refresh_token_brings_a_new_access_token(
    client: FlaskClient, pair: dict[str, Any], clock: Clock
) -> None:
    clock.move(minutes=20)
    assert client.get("/api/v1/me", headers=bearer(renew(client, pair).json)).status_code == 200


def test_a_refresh_token_is_good_once(client: FlaskClient, pair: dict[str, Any]) -> None:
    renew(client, pair)
    assert renew(client, pair).json["code"] == "refresh_token_invalid"


def test_a_copied_refresh_token_ends_the_whole_sign_in(
    client: FlaskClient, pair: dict[str, Any]
) -> None:
    newer = renew(client, pair).json
    renew(client, pair)
    assert renew(client, newer).status_code == 401


def test_the_end_of_a_sign_in_ends_its_access_tokens_at_once(
    client: FlaskClient, pair: dict[str, Any]
) -> None:
    newer = renew(client, pair).json
    assert is_in(client, newer)
    renew(client, pair)
    answers = [client.get("/api/v1/me", headers=bearer(each)).json for each in (pair, newer)]
    assert [answer["code"] for answer in answers] == ["token_invalid"] * 2


def test_a_phone_that_lost_the_answer_gets_it_again(
    client: FlaskClient, pair: dict[str, Any], clock: Clock
) -> None:
    lost = renew(client, pair, device_id=PHONE).json
    clock.move(seconds=29)
    again = renew(client, pair, device_id=PHONE).json
    assert again["refresh_token"] == lost["refresh_token"]
    assert is_in(client, again)
    assert renew(client, again, device_id=PHONE).status_code == 201


def test_whichever_of_several_answers_arrives_last_is_good(
    client: FlaskClient, pair: dict[str, Any]
) -> None:
    answers = [renew(client, pair, device_id=PHONE).json for _ in range(4)]
    assert all(is_in(client, answer) for answer in answers)
    assert renew(client, answers[0], device_id=PHONE).status_code == 201


def test_a_token_that_comes_again_after_half_a_minute_was_copied(
    client: FlaskClient, pair: dict[str, Any], clock: Clock
) -> None:
    newer = renew(client, pair, device_id=PHONE).json
    clock.move(seconds=30)
    assert renew(client, pair, device_id=PHONE).status_code == 401
    assert not is_in(client, newer)


def test_asking_again_does_not_prolong_the_half_minute(
    client: FlaskClient, pair: dict[str, Any], clock: Clock
) -> None:
    renew(client, pair, device_id=PHONE)
    clock.move(seconds=20)
    assert renew(client, pair, device_id=PHONE).status_code == 201
    clock.move(seconds=20)
    assert renew(client, pair, device_id=PHONE).status_code == 401


@pytest.mark.parametrize("is_used", [False, True])
def test_a_token_on_another_device_was_copied(
    client: FlaskClient, session: Session, pair: dict[str, Any], is_used: bool
) -> None:
    if is_used:
        renew(client, pair, device_id=PHONE)
    assert renew(client, pair, device_id=LAPTOP).status_code == 401
    assert not is_in(client, pair)
    assert ends_of(session, pair) == ["account.sign_in_revoked"]


def test_a_straggler_gets_nothing_and_ends_nothing(
    client: FlaskClient, pair: dict[str, Any], clock: Clock
) -> None:
    newer = renew(client, pair, device_id=PHONE).json
    newest = renew(client, newer, device_id=PHONE).json
    clock.move(seconds=5)
    assert renew(client, pair, device_id=PHONE).json["code"] == "refresh_token_invalid"
    assert is_in(client, newest)
    assert renew(client, newest, device_id=PHONE).status_code == 201


def test_an_older_token_after_its_half_minute_was_copied(
    client: FlaskClient, pair: dict[str, Any], clock: Clock
) -> None:
    newer = renew(client, pair, device_id=PHONE).json
    clock.move(minutes=15)
    newest = renew(client, newer, device_id=PHONE).json
    assert renew(client, pair, device_id=PHONE).status_code == 401
    assert not is_in(client, newest)


def test_no_refresh_token_tells_its_successor(client: FlaskClient, pair: dict[str, Any]) -> None:
    other = client.post(SESSIONS, json={"email": "min@example.com", "password": PASSWORD}).json
    tokens = {each["refresh_token"] for each in (pair, other)}
    tokens |= {renew(client, each).json["refresh_token"] for each in (pair, other)}
    assert len(tokens) == 4
    assert all(len(token) == 43 for token in tokens)


def test_signing_out_ends_the_refresh_token(client: FlaskClient, pair: dict[str, Any]) -> None:
    client.post(f"{SESSIONS}/revocation", json={"refresh_token": pair["refresh_token"]})
    assert renew(client, pair).status_code == 401


def test_the_end_of_a_sign_in_is_on_record_once(
    client: FlaskClient, session: Session, pair: dict[str, Any]
) -> None:
    for _ in range(2):
        client.post(f"{SESSIONS}/revocation", json={"refresh_token": pair["refresh_token"]})
    assert ends_of(session, pair) == ["account.signed_out"]


def test_a_copied_refresh_token_is_on_record(
    client: FlaskClient, session: Session, pair: dict[str, Any]
) -> None:
    for _ in range(3):
        renew(client, pair)
    assert ends_of(session, pair) == ["account.sign_in_revoked"]


def test_signing_out_with_an_unknown_token_is_no_error(client: FlaskClient) -> None:
    answer = client.post(f"{SESSIONS}/revocation", json={"refresh_token": "unknown"})
    assert answer.status_code == 204


def test_a_refresh_token_ends_after_a_month(
    client: FlaskClient, pair: dict[str, Any], clock: Clock
) -> None:
    clock.move(days=30)
    assert renew(client, pair).status_code == 401


def test_a_closed_account_ends_at_once(
    client: FlaskClient, session: Session, pair: dict[str, Any], clock: Clock
) -> None:
    account = register(session, email="closed@example.com")
    headers = bearer(
        client.post(SESSIONS, json={"email": account.email, "password": PASSWORD}).json
    )
    account.disabled_at = clock()
    session.commit()
    assert client.get("/api/v1/me", headers=headers).json["code"] == "token_invalid"
