"""From the list of providers to a linked and unlinked identity, over HTTP."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from backend.accounts.models import Account
from backend.accounts.oidc.models import ExternalIdentity
from backend.accounts.oidc.proofs import hash_subject
from backend.audit.models import AuditEvent
from tests.backend.accounts.oidc.conftest import API, bearer, phone_of
from tests.conftest import Clock
from tests.support.oidc_provider import CLIENT_ID, KIT_CLIENT_ID, App, TestProvider
from tests.support.people import PASSWORD, register


def test_an_app_is_told_the_providers(client: FlaskClient, provider: TestProvider) -> None:
    (listed,) = client.get(f"{API}/sign-in-providers").json["items"]
    assert listed == {
        "key": "test",
        "name_ko": "시험",
        "name_en": "Test",
        "issuer": provider.issuer,
        "client_id": CLIENT_ID,
        "scopes": ["openid"],
    }


def test_a_person_comes_from_a_provider(
    client: FlaskClient, provider: TestProvider, phone: App
) -> None:
    pair = phone.sign_in(provider, "kim")
    assert pair.json["is_new"] is True
    me = client.get(f"{API}/me", headers=bearer(pair)).json
    assert me["email"] is None
    assert me["display_name"].startswith("이웃 ")
    assert me["id"] == pair.json["account_id"]


def test_who_comes_again_is_the_same_person(provider: TestProvider, phone: App) -> None:
    first, again, other = (phone.sign_in(provider, who).json for who in ("kim", "kim", "lee"))
    assert first["account_id"] == again["account_id"] != other["account_id"]
    assert (again["is_new"], other["is_new"]) == (False, True)


def test_a_name_chosen_at_first_is_the_persons(
    client: FlaskClient, provider: TestProvider, phone: App
) -> None:
    pair = phone.sign_in(provider, "kim", display_name=" 김민 ")
    assert client.get(f"{API}/me", headers=bearer(pair)).json["display_name"] == "김민"


def test_a_name_sent_later_changes_nothing(
    client: FlaskClient, provider: TestProvider, phone: App
) -> None:
    phone.sign_in(provider, "kim", display_name="김민")
    pair = phone.sign_in(provider, "kim", display_name="남의 이름")
    assert client.get(f"{API}/me", headers=bearer(pair)).json["display_name"] == "김민"


def test_the_sign_in_is_renewed_like_any_other(
    client: FlaskClient, provider: TestProvider, phone: App
) -> None:
    pair = phone.sign_in(provider, "kim").json
    renewed = client.post(f"{API}/sessions/renewal", json={"refresh_token": pair["refresh_token"]})
    assert renewed.json["account_id"] == pair["account_id"]


def test_an_id_token_of_the_providers_kit_will_do(provider: TestProvider, phone: App) -> None:
    by_code = phone.sign_in(provider, "kim").json
    attempt = phone.begin(redirect_uri=None, code_challenge=None).json
    assert (attempt["state"], attempt["authorization_url"]) == (None, None)
    token = provider.sign(sub="kim", aud=KIT_CLIENT_ID, nonce=attempt["nonce"])
    facts = {"attempt_id": attempt["id"], "id_token": token}
    assert phone.post("/sessions/oidc", facts).json["account_id"] == by_code["account_id"]


def test_a_closed_account_does_not_come_back(
    session: Session, clock: Clock, provider: TestProvider, phone: App
) -> None:
    pair = phone.sign_in(provider, "kim").json
    session.get_one(Account, pair["account_id"]).disabled_at = clock()
    session.commit()
    answer = phone.sign_in(provider, "kim")
    assert (answer.status_code, answer.json["code"]) == (401, "credentials_invalid")


def test_nothing_of_the_provider_is_kept_but_a_hash(
    session: Session, provider: TestProvider, phone: App
) -> None:
    subject = "subject-that-is-nowhere"
    phone.sign_in(provider, subject)
    tables = ("account", "external_identity", "sign_in_attempt", "audit_event", "refresh_token")
    for table in tables:
        rows = session.scalars(text(f"SELECT t::text FROM {table} t")).all()  # noqa: S608
        assert rows
        assert not [row for row in rows if subject in row]


def test_a_person_stays_who_they_are_when_the_operator_renames_the_provider(
    app: Flask, provider: TestProvider, phone: App
) -> None:
    phone.sign_in(provider, "kim")
    app.config["OIDC_PROVIDERS"] = (provider.described(key="other"),)
    assert phone.begin(provider="test").json["code"] == "provider_unknown"
    answer = phone.post("/sessions/oidc", phone.come_back(provider, "kim", provider="other"))
    assert answer.json["is_new"] is False


def test_a_subject_is_somebody_else_at_another_issuer_or_under_another_secret() -> None:
    hashes = {
        hash_subject(issuer, subject, secret)
        for issuer in ("https://a.example", "https://a.example/")
        for subject in ("1", "/1", "1/")
        for secret in ("one", "two")
    }
    assert len(hashes) == 12


def test_nobody_is_found_by_an_address_that_the_provider_tells(
    session: Session, provider: TestProvider, phone: App
) -> None:
    account = register(session, email="kim@example.com")
    attempt = phone.begin(redirect_uri=None, code_challenge=None).json
    token = provider.sign(
        sub="kim", nonce=attempt["nonce"], email="kim@example.com", email_verified=True
    )
    pair = phone.post("/sessions/oidc", {"attempt_id": attempt["id"], "id_token": token}).json
    assert pair["is_new"] is True
    assert pair["account_id"] != str(account.id)


def test_a_provider_is_linked_and_unlinked(
    client: FlaskClient, session: Session, sign_in: Any, provider: TestProvider, phone: App
) -> None:
    account = register(session)
    headers = sign_in(account.email)
    mine = phone_of(client, headers)
    linked = mine.post("/external-identities", mine.come_back(provider, "kim"))
    assert (linked.status_code, linked.json["provider"]) == (201, "test")
    listed = client.get(f"{API}/me/external-identities", headers=headers).json["items"]
    assert listed == [linked.json]
    assert phone.sign_in(provider, "kim").json["account_id"] == str(account.id)
    path = f"{API}/me/external-identities/{linked.json['id']}"
    assert client.delete(path, headers=headers).status_code == 204
    assert phone.sign_in(provider, "kim").json["is_new"] is True
    actions = select(AuditEvent.action).where(AuditEvent.subject_id == str(account.id))
    assert {"identity.linked", "identity.unlinked"} <= set(session.scalars(actions))


def test_what_another_person_signs_in_with_is_not_linked(
    client: FlaskClient, session: Session, sign_in: Any, provider: TestProvider, phone: App
) -> None:
    phone.sign_in(provider, "kim")
    mine = phone_of(client, sign_in(register(session).email))
    answer = mine.post("/external-identities", mine.come_back(provider, "kim"))
    assert (answer.status_code, answer.json["code"]) == (409, "identity_taken")


def test_linking_what_is_linked_changes_nothing(
    client: FlaskClient, session: Session, provider: TestProvider, phone: App
) -> None:
    headers = bearer(phone.sign_in(provider, "kim"))
    mine = phone_of(client, headers)
    answer = mine.post("/external-identities", mine.come_back(provider, "kim"))
    assert answer.status_code == 201
    assert session.scalar(select(func.count()).select_from(ExternalIdentity)) == 1


def test_the_last_way_in_stays(client: FlaskClient, provider: TestProvider, phone: App) -> None:
    headers = bearer(phone.sign_in(provider, "kim"))
    mine = phone_of(client, headers)
    (first,) = client.get(f"{API}/me/external-identities", headers=headers).json["items"]
    path = f"{API}/me/external-identities"
    answer = client.delete(f"{path}/{first['id']}", headers=headers)
    assert (answer.status_code, answer.json["code"]) == (409, "last_way_in")
    mine.post("/external-identities", mine.come_back(provider, "kim-too"))
    assert client.delete(f"{path}/{first['id']}", headers=headers).status_code == 204


def test_nobody_unlinks_what_is_anothers(
    client: FlaskClient, session: Session, sign_in: Any, provider: TestProvider, phone: App
) -> None:
    phone.sign_in(provider, "kim")
    identity = session.scalars(select(ExternalIdentity)).one()
    headers = sign_in(register(session).email)
    path = f"{API}/me/external-identities/{identity.id}"
    answer = client.delete(path, headers=headers)
    assert (answer.status_code, answer.json["code"]) == (404, "identity_not_found")


def test_who_has_no_password_does_not_sign_in_with_one(
    client: FlaskClient, session: Session, provider: TestProvider, phone: App
) -> None:
    account_id = phone.sign_in(provider, "kim").json["account_id"]
    session.get_one(Account, account_id).email = "kim@example.com"
    session.commit()
    facts = {"email": "kim@example.com", "password": PASSWORD}
    assert client.post(f"{API}/sessions", json=facts).status_code == 401


def test_the_browser_is_sent_with_everything_the_provider_needs(
    provider: TestProvider, phone: App
) -> None:
    provider.changed["authorization_endpoint"] = f"{provider.issuer}/authorize?tenant=a"
    attempt = phone.begin().json
    parts = urlsplit(attempt["authorization_url"])
    asked = parse_qs(parts.query)
    assert asked["tenant"] == ["a"]
    assert asked["state"] == [attempt["state"]]
    assert asked["nonce"] == [attempt["nonce"]]


@pytest.mark.parametrize("method", ["client_secret_post", "client_secret_basic"])
def test_a_client_with_a_secret_shows_it(
    app: Flask, provider: TestProvider, phone: App, method: str
) -> None:
    provider.client_secret = "a secret: 100 % safe"
    provider.changed["token_endpoint_auth_methods_supported"] = [method]
    app.config["OIDC_PROVIDERS"] = (provider.described(),)
    assert phone.sign_in(provider, "kim").status_code == 201
