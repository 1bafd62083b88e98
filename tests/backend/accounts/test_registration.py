"""Registering with e-mail and password."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.accounts.models import Account
from tests.support import people
from tests.support.headers import AS_IT_IS

FACTS = {"email": "Min@Example.com", "password": "ten letters!", "display_name": " 김민 "}


def register(client: FlaskClient, **changes: object) -> Any:
    return client.post("/api/v1/accounts", json=FACTS | changes)


def test_a_person_registers(client: FlaskClient) -> None:
    answer = register(client)
    assert answer.status_code == 201
    assert answer.json["email"] == "min@example.com"
    assert answer.json["display_name"] == "김민"


def test_the_answer_holds_no_password(client: FlaskClient) -> None:
    assert not [key for key in register(client).json if "password" in key]


def test_an_address_registers_once_in_whatever_case(client: FlaskClient) -> None:
    register(client)
    answer = register(client, email="MIN@example.COM")
    assert (answer.status_code, answer.json["code"]) == (409, "email_taken")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "no address"),
        ("email", None),
        ("password", "too short"),
        ("password", "x" * 201),
        ("display_name", "   "),
        ("display_name", "a" * 51),
        ("display_name", "evil\u202eeman"),
        ("display_name", "nul\x00byte"),
        ("is_synthetic", True),
    ],
)
def test_bad_facts_are_named_and_nobody_is_registered(
    client: FlaskClient, session: Session, field: str, value: object
) -> None:
    answer = register(client, **{field: value})
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == [f"json.{field}"]
    assert session.scalar(select(func.count()).select_from(Account)) == 0


def test_a_person_takes_another_name(client: FlaskClient, session: Session, sign_in: Any) -> None:
    headers = sign_in(people.register(session, display_name="홍길동").email)
    tag = client.get("/api/v1/me", headers=headers).headers["ETag"]
    path, body = "/api/v1/me", {"display_name": " 김민 "}
    assert client.patch(path, json=body, headers=headers).status_code == 428
    named = client.patch(path, json=body, headers=headers | {"If-Match": tag})
    assert named.json["display_name"] == "김민"
    again = client.patch(path, json={"display_name": "이몽룡"}, headers=headers | {"If-Match": tag})
    assert again.status_code == 412


def test_nobody_changes_their_address_with_their_name(
    client: FlaskClient, session: Session, sign_in: Any
) -> None:
    headers = sign_in(people.register(session).email) | AS_IT_IS
    body = {"display_name": "김민", "email": "other@example.com"}
    assert client.patch("/api/v1/me", json=body, headers=headers).status_code == 422
