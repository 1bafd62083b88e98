"""Agreeing to documents, taking it back, and what cannot be done without."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.accounts.consents import documents
from backend.accounts.consents.models import Consent
from backend.accounts.consents.service import ConsentRequired, ensure_consent
from backend.audit.models import AuditEvent
from tests.conftest import NOW, Clock
from tests.support.people import AGREED, CITY_HALL_EMD, local_government_organization, register
from tests.support.proposals import make_draft

API = "/api/v1"
CURRENT = {one.key: one.version for one in documents.all_versions()}


@pytest.fixture
def newcomer(session: Session, sign_in: Any) -> dict[str, str]:
    """Headers of somebody who has agreed to nothing."""
    return sign_in(register(session, is_ready=False).email)


@pytest.fixture
def renew_document(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Return a function that puts a new version of a document into force in a day."""

    def renew(key: str) -> None:
        versions = documents.all_versions()
        (now,) = [one for one in versions if one.key == key]
        newer = replace(now, version="2026-12", valid_from=NOW + timedelta(days=1))
        monkeypatch.setattr(documents, "all_versions", lambda: [*versions, newer])

    return renew


def say(client: FlaskClient, headers: dict[str, str], document: str, **facts: Any) -> Any:
    body = {"version": CURRENT.get(document, "1"), "agreed": True, **facts}
    return client.put(f"{API}/me/consents/{document}", json=body, headers=headers)


def history(client: FlaskClient, headers: dict[str, str]) -> list[tuple[str, str, bool]]:
    items = client.get(f"{API}/me/consents", headers=headers).json["items"]
    return [(item["document"], item["version"], item["agreed"]) for item in items]


def test_everybody_reads_what_there_is_to_agree_to(client: FlaskClient) -> None:
    items = client.get(f"{API}/consent-documents").json["items"]
    assert {item["key"]: (item["audience"], item["required"]) for item in items} == {
        "terms": ("person", True),
        "privacy": ("person", True),
        "location": ("person", False),
        "guardian": ("guardian", False),
    }
    assert all(item["title_ko"] and item["text_ko"] and item["text_en"] for item in items)


def test_one_version_can_be_read_for_ever(client: FlaskClient, renew_document: Any) -> None:
    renew_document("terms")
    path = f"{API}/consent-documents/terms/versions"
    for version in (CURRENT["terms"], "2026-12"):
        assert client.get(f"{path}/{version}").json["version"] == version
    assert client.get(f"{path}/1999-01").json["code"] == "document_unknown"


def test_what_one_says_is_kept_the_latest_first(
    client: FlaskClient, newcomer: dict[str, str]
) -> None:
    for document, agreed in (("terms", True), ("location", True), ("location", False)):
        assert say(client, newcomer, document, agreed=agreed).status_code == 200
    assert history(client, newcomer) == [
        ("location", CURRENT["location"], False),
        ("location", CURRENT["location"], True),
        ("terms", CURRENT["terms"], True),
    ]


def test_saying_it_again_is_no_second_consent(
    client: FlaskClient, session: Session, newcomer: dict[str, str], clock: Clock
) -> None:
    first = say(client, newcomer, "terms").json
    clock.move(minutes=1)
    assert say(client, newcomer, "terms").json == first
    assert session.scalar(select(func.count()).select_from(Consent)) == 1


def test_a_consent_and_its_withdrawal_are_on_record(
    client: FlaskClient, session: Session, newcomer: dict[str, str]
) -> None:
    say(client, newcomer, "location")
    say(client, newcomer, "location", agreed=False)
    actions = select(AuditEvent.action, AuditEvent.data).where(
        AuditEvent.action.startswith("consent.")
    )
    about = f'{{"document":"location","version":"{CURRENT["location"]}"}}'
    assert [tuple(row) for row in session.execute(actions.order_by(AuditEvent.seq))] == [
        ("consent.given", about),
        ("consent.withdrawn", about),
    ]


@pytest.mark.parametrize(
    ("document", "facts", "status", "code"),
    [
        ("cookies", {}, 404, "document_unknown"),
        ("terms", {"version": "1999-01"}, 404, "document_unknown"),
        ("guardian", {}, 404, "document_unknown"),
        ("terms", {"agreed": 1}, 422, "fields_invalid"),
        ("terms", {"agreed": "on"}, 422, "fields_invalid"),
    ],
)
def test_what_is_no_consent_is_refused(
    client: FlaskClient,
    newcomer: dict[str, str],
    document: str,
    facts: dict[str, Any],
    status: int,
    code: str,
) -> None:
    answer = say(client, newcomer, document, **facts)
    assert (answer.status_code, answer.json["code"]) == (status, code)
    assert history(client, newcomer) == []


def test_only_the_version_in_force_is_agreed_to(
    client: FlaskClient, newcomer: dict[str, str], renew_document: Any, clock: Clock
) -> None:
    renew_document("terms")
    early = say(client, newcomer, "terms", version="2026-12")
    assert (early.status_code, early.json["code"]) == (409, "document_version_not_current")
    say(client, newcomer, "terms")
    clock.move(minutes=14)
    assert history(client, newcomer) == [("terms", CURRENT["terms"], True)]


def test_an_old_version_may_still_be_taken_back(
    client: FlaskClient, session: Session, sign_in: Any, renew_document: Any, clock: Clock
) -> None:
    account = register(session)
    renew_document("terms")
    clock.move(days=1)
    headers = sign_in(account.email)
    late = say(client, headers, "terms")
    assert (late.status_code, late.json["code"]) == (409, "document_version_not_current")
    assert say(client, headers, "terms", agreed=False).status_code == 200


@pytest.mark.parametrize("missing", ["terms", "privacy"])
def test_a_residence_waits_for_what_is_required(
    client: FlaskClient, newcomer: dict[str, str], missing: str
) -> None:
    say(client, newcomer, {"terms": "privacy", "privacy": "terms"}[missing])
    body = {"region_code": CITY_HALL_EMD}
    refused = client.put(f"{API}/me/residence", json=body, headers=newcomer)
    assert (refused.status_code, refused.json["code"]) == (403, "consent_required")
    assert refused.json["rule"] == missing
    say(client, newcomer, missing)
    assert client.put(f"{API}/me/residence", json=body, headers=newcomer).status_code == 200


def test_a_proposal_waits_for_a_new_version_to_be_agreed_to(
    client: FlaskClient, session: Session, sign_in: Any, renew_document: Any, clock: Clock
) -> None:
    author = register(session, residence=CITY_HALL_EMD)
    draft = make_draft(session, author)
    local_government_organization(session, draft.local_government_code or "")
    renew_document("privacy")
    clock.move(days=1)
    headers = sign_in(author.email)
    path = f"{API}/proposals/{draft.id}/submission"
    refused = client.post(path, headers=headers)
    assert (refused.status_code, refused.json["code"]) == (403, "consent_required")
    assert say(client, headers, "privacy", version="2026-12").status_code == 200
    assert client.post(path, headers=headers).status_code == 200


def test_without_an_optional_consent_all_the_rest_goes_on(session: Session) -> None:
    account = register(session)
    with pytest.raises(ConsentRequired):
        ensure_consent(session, account.id, "location", NOW)
    ensure_consent(session, account.id, "terms", NOW)


def test_a_person_registers_with_all_of_it(client: FlaskClient) -> None:
    facts = {"email": "min@example.com", "password": "ten letters!", "display_name": "김민"}
    assert client.post(f"{API}/accounts", json=facts | AGREED).status_code == 201
    pair = client.post(f"{API}/sessions", json={k: facts[k] for k in ("email", "password")})
    headers = {"Authorization": f"Bearer {pair.json['access_token']}"}
    assert {document for document, _, agreed in history(client, headers) if agreed} == {
        "terms",
        "privacy",
    }
    assert client.get(f"{API}/me/age", headers=headers).json["declared"] is True


def test_nobody_registers_with_a_consent_to_nothing(client: FlaskClient) -> None:
    facts = {"email": "min@example.com", "password": "ten letters!", "display_name": "김민"}
    consents = [{"document": "terms", "version": "1999-01", "agreed": True}]
    answer = client.post(f"{API}/accounts", json=facts | {"consents": consents})
    assert (answer.status_code, answer.json["code"]) == (404, "document_unknown")
    assert client.post(f"{API}/accounts", json=facts).status_code == 201


def test_nobody_reads_anothers_consents(
    client: FlaskClient, session: Session, newcomer: dict[str, str]
) -> None:
    register(session)
    assert history(client, newcomer) == []
    assert client.get(f"{API}/me/consents").status_code == 401


@pytest.mark.parametrize(
    "times", [("2026-01-01", "2025-01-01"), ("2025-01-01", "2025-01-01")], ids=["back", "same"]
)
def test_versions_follow_each_other(times: tuple[str, str]) -> None:
    with pytest.raises(ValueError, match="follow each other"):
        documents.read_document(described(("1", times[0]), ("2", times[1])))


def test_two_versions_are_told_apart() -> None:
    with pytest.raises(ValueError, match="names of their own"):
        documents.read_document(described(("1", "2025-01-01"), ("1", "2026-01-01")))


def described(*versions: tuple[str, str]) -> dict[str, Any]:
    """Return a document as its file has it."""
    text = {"ko": ["글"], "en": ["text"]}
    return {
        "key": "terms",
        "audience": "person",
        "required": True,
        "versions": [
            {
                "version": version,
                "valid_from": f"{valid_from}T00:00:00+09:00",
                "title": {"ko": "제목", "en": "Title"},
                "text": text,
            }
            for version, valid_from in versions
        ],
    }
