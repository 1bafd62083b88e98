"""An attempt is good for minutes, once, and for whoever began it."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.accounts.oidc.models import ExternalIdentity, SignInAttempt
from backend.jobs.queue import load_tasks, tasks
from tests.backend.accounts.oidc.conftest import API, bearer, phone_of
from tests.conftest import Clock
from tests.support.headers import AS_IT_IS
from tests.support.oidc_provider import REDIRECT_URI, TOKEN, App, TestProvider
from tests.support.people import register

SESSIONS = "/sessions/oidc"
OTHER_VERIFIER = "another-verifier-of-forty-three-letters-and-more"


def code_of(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json["code"]


def test_an_attempt_is_good_once(provider: TestProvider, phone: App) -> None:
    back = phone.come_back(provider, "kim")
    assert phone.post(SESSIONS, back).status_code == 201
    assert code_of(phone.post(SESSIONS, back)) == (409, "sign_in_attempt_invalid")


def test_an_attempt_ends_after_ten_minutes(
    clock: Clock, provider: TestProvider, phone: App
) -> None:
    early, late = phone.come_back(provider, "kim"), phone.come_back(provider, "kim")
    clock.move(minutes=9, seconds=59)
    assert phone.post(SESSIONS, early).status_code == 201
    clock.move(seconds=1)
    assert code_of(phone.post(SESSIONS, late)) == (409, "sign_in_attempt_invalid")


@pytest.mark.parametrize(
    "change",
    [
        {"state": "another state"},
        {"code_verifier": OTHER_VERIFIER},
        {"attempt_id": "01890a5d-ac96-774b-bcce-b302099a8057"},
    ],
)
def test_what_does_not_fit_is_refused_unasked_and_spoils_nothing(
    provider: TestProvider, phone: App, change: dict[str, str]
) -> None:
    back = phone.come_back(provider, "kim")
    assert code_of(phone.post(SESSIONS, back | change)) == (409, "sign_in_attempt_invalid")
    assert TOKEN not in provider.asked
    assert phone.post(SESSIONS, back).status_code == 201


def test_a_code_that_the_provider_does_not_know_is_refused(
    provider: TestProvider, phone: App
) -> None:
    back = phone.come_back(provider, "kim") | {"code": "made up"}
    assert code_of(phone.post(SESSIONS, back)) == (401, "code_refused")


def test_a_code_of_somebody_else_is_of_no_use(provider: TestProvider, phone: App) -> None:
    """A code that was stolen from one app is not taken from another (RFC 7636, 1)."""
    thief = App(phone.post)
    stolen = phone.come_back(provider, "kim")["code"]
    back = thief.come_back(provider, "thief") | {"code": stolen}
    assert code_of(thief.post(SESSIONS, back)) == (401, "code_refused")


def test_a_token_for_one_attempt_is_not_taken_for_another(
    session: Session, provider: TestProvider, phone: App
) -> None:
    first, second = (phone.begin(redirect_uri=None, code_challenge=None).json for _ in range(2))
    token = provider.sign(nonce=first["nonce"])
    facts = {"attempt_id": second["id"], "id_token": token}
    answer = phone.post(SESSIONS, facts)
    assert code_of(answer) == (401, "id_token_invalid")
    assert "(nonce)" in answer.json["detail"]
    assert session.scalar(select(func.count()).select_from(ExternalIdentity)) == 0


def test_an_attempt_with_a_code_takes_no_bare_token(provider: TestProvider, phone: App) -> None:
    attempt = phone.begin().json
    facts = {"attempt_id": attempt["id"], "id_token": provider.sign(nonce=attempt["nonce"])}
    assert code_of(phone.post(SESSIONS, facts)) == (409, "sign_in_attempt_invalid")


def test_an_attempt_to_link_signs_nobody_in_and_the_other_way_round(
    client: FlaskClient, session: Session, sign_in: Any, provider: TestProvider, phone: App
) -> None:
    mine = phone_of(client, sign_in(register(session).email))
    to_link = mine.come_back(provider, "kim")
    assert code_of(phone.post(SESSIONS, to_link)) == (409, "sign_in_attempt_invalid")
    to_sign_in = phone.come_back(provider, "kim")
    answer = mine.post("/external-identities", to_sign_in)
    assert code_of(answer) == (409, "sign_in_attempt_invalid")


def test_nobody_links_with_an_attempt_of_another_person(
    client: FlaskClient, session: Session, sign_in: Any, provider: TestProvider
) -> None:
    victim, attacker = (phone_of(client, sign_in(register(session).email)) for _ in range(2))
    back = attacker.come_back(provider, "attacker")
    answer = victim.post("/external-identities", back)
    assert code_of(answer) == (409, "sign_in_attempt_invalid")


@pytest.mark.parametrize(
    "uri",
    [
        "kr.dongne.app:/signed-in/",
        "kr.dongne.other:/signed-in",
        "https://attacker.example/",
        "http://127.0.0.1:9/other",
        "http://127.0.0.1:9@attacker.example/signed-in",
        "http://127.0.0.1.attacker.example/signed-in",
        "http://[::1/signed-in",
        "http://127.0.0.1:port/signed-in",
        "javascript:alert(1)",
    ],
)
def test_a_code_goes_nowhere_but_where_the_operator_said(phone: App, uri: str) -> None:
    answer = phone.begin(redirect_uri=uri)
    assert code_of(answer) == (422, "redirect_uri_refused")
    assert list(answer.json["errors"]) == ["json.redirect_uri"]


@pytest.mark.parametrize("port", ["", ":1", ":51234"])
def test_the_port_of_a_loopback_address_is_free(phone: App, port: str) -> None:
    """A desktop's app takes the port that it gets (RFC 8252, 7.3)."""
    assert phone.begin(redirect_uri=f"http://127.0.0.1{port}/signed-in").status_code == 201


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"provider": "test", "redirect_uri": REDIRECT_URI}, "json.code_challenge"),
        ({"provider": "test", "code_challenge": "A" * 43}, "json.redirect_uri"),
        (
            {"provider": "test", "redirect_uri": REDIRECT_URI, "code_challenge": "plain"},
            "json.code_challenge",
        ),
        (
            {
                "provider": "test",
                "redirect_uri": REDIRECT_URI,
                "code_challenge": "A" * 43,
                "code_challenge_method": "plain",
            },
            "json.code_challenge_method",
        ),
    ],
)
def test_there_is_no_code_without_a_hashed_challenge(
    phone: App, facts: dict[str, str], field: str
) -> None:
    answer = phone.post("/sign-in-attempts", facts)
    assert code_of(answer) == (422, "fields_invalid")
    assert list(answer.json["errors"]) == [field]


@pytest.mark.parametrize(
    ("left_out", "added", "fields"),
    [
        ("state", {}, {"json.state"}),
        ("code", {}, {"json.code"}),
        ("code_verifier", {}, {"json.code_verifier"}),
        (None, {"id_token": "x.y.z"}, {"json.state", "json.code", "json.code_verifier"}),
        (None, {"code_verifier": "short"}, {"json.code_verifier"}),
    ],
)
def test_what_came_back_is_one_thing_or_the_other(
    provider: TestProvider,
    phone: App,
    left_out: str | None,
    added: dict[str, str],
    fields: set[str],
) -> None:
    back = phone.come_back(provider, "kim") | added
    back.pop(left_out or "", None)
    answer = phone.post(SESSIONS, back)
    assert answer.status_code == 422
    assert set(answer.json["errors"]) == fields


def test_secrets_of_an_attempt_are_kept_as_hashes(
    session: Session, provider: TestProvider, phone: App
) -> None:
    attempt = phone.begin().json
    row = session.get_one(SignInAttempt, attempt["id"])
    kept = {str(getattr(row, column.key)) for column in SignInAttempt.__table__.columns}
    assert not {attempt["state"], attempt["nonce"], phone.verifier} & kept


def test_attempts_that_are_over_are_forgotten(
    app: Flask, clock: Clock, session: Session, provider: TestProvider, phone: App
) -> None:
    phone.begin()
    clock.move(minutes=5)
    second = phone.begin().json
    clock.move(minutes=5)
    load_tasks()
    with app.app_context():
        tasks.get("sign_in_attempts.forget")(timestamp=0)
    assert [str(found) for found in session.scalars(select(SignInAttempt.id))] == [second["id"]]


def test_a_new_person_of_the_provider_is_signed_in_as_nobody_else(
    client: FlaskClient, provider: TestProvider, phone: App
) -> None:
    kim, lee = (bearer(phone.sign_in(provider, who)) for who in ("kim", "lee"))
    ids = {client.get(f"{API}/me", headers=headers).json["id"] for headers in (kim, lee)}
    assert len(ids) == 2


@pytest.mark.parametrize("path", ["/sign-in-attempts", SESSIONS, "/external-identities"])
def test_no_header_makes_one_transaction_of_what_asks_the_provider(
    client: FlaskClient, session: Session, sign_in: Any, provider: TestProvider, path: str
) -> None:
    headers = sign_in(register(session).email) | AS_IT_IS
    back = phone_of(client, sign_in(register(session).email)).come_back(provider, "kim")
    asked = len(provider.asked)
    answer = client.post(API + path, json=back, headers=headers)
    assert code_of(answer) == (412, "precondition_failed")
    assert len(provider.asked) == asked
