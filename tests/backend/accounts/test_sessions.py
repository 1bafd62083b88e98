"""Signing in, staying signed in, signing out."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.audit.models import AuditEvent
from tests.conftest import Clock
from tests.support.people import PASSWORD, register

SESSIONS = "/api/v1/sessions"


@pytest.fixture
def pair(client: FlaskClient, session: Session) -> dict[str, Any]:
    """The tokens of somebody who has just signed in."""
    account = register(session, email="min@example.com")
    answer = client.post(SESSIONS, json={"email": account.email, "password": PASSWORD})
    assert answer.status_code == 201
    return answer.json


def bearer(pair: dict[str, Any]) -> dict[str, str]:
    return {"Authorization": f"Bearer {pair['access_token']}"}


def renew(client: FlaskClient, pair: dict[str, Any]) -> Any:
    return client.post(f"{SESSIONS}/renewal", json={"refresh_token": pair["refresh_token"]})


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
