"""A child asks, a guardian answers once, and nothing of the guardian stays."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from backend.accounts.consents import documents
from backend.accounts.guardians.letters import EXTENSION, connect_carrier
from backend.accounts.guardians.models import GuardianConsent
from backend.accounts.models import Account
from backend.audit.models import AuditEvent
from backend.jobs.queue import load_tasks, tasks
from backend.jobs.worker import run_jobs
from tests.conftest import NOW, Clock
from tests.support.people import CITY_HALL_EMD, local_government_organization, register
from tests.support.proposals import make_draft

API = "/api/v1"
ASK = f"{API}/me/guardian-consents"
PARENT = "parent-canary@example.com"


@pytest.fixture
def letters(app: Flask) -> Iterator[list[dict[str, str]]]:
    """The letters that were sent."""
    sent: list[dict[str, str]] = []
    connect_carrier(app, lambda **letter: sent.append(letter))
    yield sent
    del app.extensions[EXTENSION]


@pytest.fixture
def child(session: Session) -> Account:
    """Somebody who turns fourteen next summer."""
    return register(
        session,
        display_name="어린이",
        residence=CITY_HALL_EMD,
        guardian_needed_until=date(2027, 7, 1),
    )


@pytest.fixture
def headers(sign_in: Any, child: Account) -> dict[str, str]:
    """The child's headers."""
    return sign_in(child.email)


def ask(client: FlaskClient, headers: dict[str, str], contact: str = PARENT) -> Any:
    return client.post(ASK, json={"contact": contact}, headers=headers)


def deliver(app: Flask, letters: list[dict[str, str]]) -> str:
    """Let the letters be sent, and return the path of the last one's link."""
    run_jobs(app)
    (link,) = re.findall(r"https://\S+", letters[-1]["text"])
    return f"{API}/guardian-consents/{link.rpartition('/')[2]}"


def test_a_child_hands_nothing_in_before_a_guardian_has_agreed(
    app: Flask,
    client: FlaskClient,
    session: Session,
    child: Account,
    headers: dict[str, str],
    letters: list[dict[str, str]],
) -> None:
    draft = make_draft(session, child)
    local_government_organization(session, draft.local_government_code or "")
    path = f"{API}/proposals/{draft.id}/submission"
    refused = client.post(path, headers=headers)
    assert (refused.status_code, refused.json["code"]) == (403, "guardian_consent_required")
    assert ask(client, headers).status_code == 201
    assert client.post(path, headers=headers).status_code == 403
    link = deliver(app, letters)
    assert client.post(link, json={"agreed": True}).status_code == 200
    assert client.post(path, headers=headers).status_code == 200


def test_who_is_fourteen_needs_nobody_any_more(
    client: FlaskClient, session: Session, sign_in: Any, child: Account, clock: Clock
) -> None:
    draft = make_draft(session, child)
    local_government_organization(session, draft.local_government_code or "")
    clock.move(days=300)
    path = f"{API}/proposals/{draft.id}/submission"
    assert client.post(path, headers=sign_in(child.email)).status_code == 200


def test_who_has_not_said_how_old_they_are_is_asked(
    client: FlaskClient, session: Session, sign_in: Any
) -> None:
    author = register(session, residence=CITY_HALL_EMD)
    author.age_declared_at = None
    session.commit()
    draft = make_draft(session, author)
    local_government_organization(session, draft.local_government_code or "")
    headers = sign_in(author.email)
    path = f"{API}/proposals/{draft.id}/submission"
    refused = client.post(path, headers=headers)
    assert (refused.status_code, refused.json["code"]) == (403, "age_not_declared")
    client.put(f"{API}/me/age", json={"born_on": "1990-01-01"}, headers=headers)
    assert client.post(path, headers=headers).status_code == 200


def test_the_guardian_reads_what_it_is_about(
    app: Flask, client: FlaskClient, headers: dict[str, str], letters: list[dict[str, str]]
) -> None:
    asked = ask(client, headers).json
    link = deliver(app, letters)
    (letter,) = letters
    assert letter["to"] == PARENT
    assert "어린이" in letter["text"]
    question = client.get(link).json
    assert question["child_name"] == "어린이"
    assert question["document"]["key"] == "guardian"
    assert question["expires_at"] == asked["expires_at"]
    assert PARENT not in str(question)


def test_nothing_of_the_guardian_stays(
    app: Flask,
    client: FlaskClient,
    session: Session,
    headers: dict[str, str],
    letters: list[dict[str, str]],
) -> None:
    ask(client, headers)
    assert mentions(session) == {"guardian_consent"}
    client.post(deliver(app, letters), json={"agreed": True})
    assert mentions(session) == set()
    (listed,) = client.get(ASK, headers=headers).json["items"]
    assert listed["agreed"] is True
    assert set(listed) == {"id", "version", "asked_at", "expires_at", "decided_at", "agreed"}


def mentions(session: Session) -> set[str]:
    """Return the tables in which the guardian's address is found."""
    tables = session.scalars(
        text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    ).all()
    return {
        table
        for table in tables
        if session.scalar(
            text(f'SELECT EXISTS (SELECT FROM "{table}" t WHERE t::text LIKE :word)'),  # noqa: S608
            {"word": f"%{PARENT}%"},
        )
    }


def test_a_refusal_counts_and_may_be_followed_by_another_answer(
    app: Flask,
    client: FlaskClient,
    session: Session,
    child: Account,
    headers: dict[str, str],
    letters: list[dict[str, str]],
) -> None:
    draft = make_draft(session, child)
    local_government_organization(session, draft.local_government_code or "")
    path = f"{API}/proposals/{draft.id}/submission"
    for agreed, status in ((False, 403), (True, 200)):
        ask(client, headers)
        client.post(deliver(app, letters), json={"agreed": agreed})
        assert client.post(path, headers=headers).status_code == status


def test_an_answer_sent_twice_is_one_and_cannot_be_turned_round(
    app: Flask, client: FlaskClient, headers: dict[str, str], letters: list[dict[str, str]]
) -> None:
    ask(client, headers)
    link = deliver(app, letters)
    first = client.post(link, json={"agreed": False})
    assert client.post(link, json={"agreed": False}).json == first.json
    other = client.post(link, json={"agreed": True})
    assert (other.status_code, other.json["code"]) == (410, "guardian_link_over")
    assert client.get(link).status_code == 410


def test_a_link_ends_after_two_days(
    app: Flask,
    client: FlaskClient,
    session: Session,
    headers: dict[str, str],
    letters: list[dict[str, str]],
    clock: Clock,
) -> None:
    ask(client, headers)
    link = deliver(app, letters)
    clock.move(hours=47, minutes=59)
    assert client.get(link).status_code == 200
    clock.move(minutes=1)
    for answer in (client.get(link), client.post(link, json={"agreed": True})):
        assert (answer.status_code, answer.json["code"]) == (410, "guardian_link_over")
    load_tasks()
    with app.app_context():
        tasks.get("guardians.forget")(timestamp=0)
    assert mentions(session) == set()
    assert client.get(link).json["code"] == "guardian_link_unknown"


def test_a_new_link_ends_the_one_before(
    app: Flask, client: FlaskClient, headers: dict[str, str], letters: list[dict[str, str]]
) -> None:
    ask(client, headers, "wrong@example.com")
    old = deliver(app, letters)
    ask(client, headers)
    new = deliver(app, letters)
    assert [client.get(link).status_code for link in (old, new)] == [410, 200]


def test_a_letter_that_is_out_of_date_is_not_sent(
    app: Flask, client: FlaskClient, headers: dict[str, str], letters: list[dict[str, str]]
) -> None:
    ask(client, headers, "wrong@example.com")
    ask(client, headers)
    deliver(app, letters)
    assert [letter["to"] for letter in letters] == [PARENT]


def test_nobodys_letter_box_is_filled(
    client: FlaskClient, session: Session, headers: dict[str, str], letters: list[dict[str, str]],
    sign_in: Any, child: Account, clock: Clock,
) -> None:  # fmt: skip
    for _ in range(3):
        assert ask(client, headers).status_code == 201
    refused = ask(client, headers)
    assert (refused.status_code, refused.json["code"]) == (409, "guardian_asked_too_often")
    assert refused.headers["Retry-After"] == "86400"
    clock.move(days=1)
    assert ask(client, sign_in(child.email)).status_code == 201


def test_a_child_is_not_its_own_guardian(
    client: FlaskClient, child: Account, headers: dict[str, str], letters: list[dict[str, str]]
) -> None:
    answer = ask(client, headers, str(child.email).upper())
    assert (answer.status_code, answer.json["code"]) == (422, "guardian_contact_is_own")


@pytest.mark.parametrize("is_ready", [True, False], ids=["adult", "age unknown"])
def test_who_is_no_child_asks_nobody(
    client: FlaskClient, session: Session, sign_in: Any, letters: list[Any], is_ready: bool
) -> None:
    headers = sign_in(register(session, is_ready=is_ready).email)
    answer = ask(client, headers)
    assert (answer.status_code, answer.json["code"]) == (409, "guardian_not_needed")


def test_nobody_is_asked_where_no_letter_is_sent(
    client: FlaskClient, session: Session, headers: dict[str, str]
) -> None:
    answer = ask(client, headers)
    assert (answer.status_code, answer.json["code"]) == (503, "letters_not_sent")
    assert session.scalar(select(func.count()).select_from(GuardianConsent)) == 0


def test_a_letter_that_could_not_be_handed_over_is_tried_again(
    app: Flask, client: FlaskClient, headers: dict[str, str], letters: list[dict[str, str]]
) -> None:
    def fail(**_: str) -> None:
        raise ConnectionError

    ask(client, headers)
    connect_carrier(app, fail)
    with pytest.raises(ConnectionError):
        run_jobs(app)


def test_a_link_is_kept_as_a_hash_and_the_job_has_an_id_only(
    app: Flask,
    client: FlaskClient,
    session: Session,
    headers: dict[str, str],
    letters: list[dict[str, str]],
) -> None:
    consent_id = ask(client, headers).json["id"]
    jobs = select(text("args::text")).select_from(text("procrastinate_jobs"))
    args = list(session.scalars(jobs.where(text("task_name = 'guardians.send_link'"))))
    assert args == [f'{{"guardian_consent_id": "{consent_id}"}}']
    token = deliver(app, letters).rpartition("/")[2]
    rows = session.scalars(text("SELECT t::text FROM guardian_consent t")).all()
    assert not [row for row in rows if token in row]


def test_a_guardian_is_asked_again_for_a_new_document(
    app: Flask,
    client: FlaskClient,
    session: Session,
    child: Account,
    headers: dict[str, str],
    letters: list[dict[str, str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ask(client, headers)
    client.post(deliver(app, letters), json={"agreed": True})
    versions = documents.all_versions()
    newer = replace(versions[-1], version="2026-11", valid_from=NOW)
    monkeypatch.setattr(documents, "all_versions", lambda: [*versions, newer])
    draft = make_draft(session, child)
    local_government_organization(session, draft.local_government_code or "")
    refused = client.post(f"{API}/proposals/{draft.id}/submission", headers=headers)
    assert refused.json["code"] == "guardian_consent_required"


def test_the_answer_is_on_record_without_the_guardian(
    app: Flask,
    client: FlaskClient,
    session: Session,
    child: Account,
    headers: dict[str, str],
    letters: list[dict[str, str]],
) -> None:
    ask(client, headers)
    client.post(deliver(app, letters), json={"agreed": True})
    statement = select(AuditEvent.action, AuditEvent.actor_id).where(
        AuditEvent.action.startswith("guardian."), AuditEvent.subject_id == str(child.id)
    )
    assert [tuple(row) for row in session.execute(statement.order_by(AuditEvent.seq))] == [
        ("guardian.asked", child.id),
        ("guardian.agreed", None),
    ]


@pytest.mark.parametrize("token", ["unknown", "x" * 2_000, "%00", "%F0%9F%98%80"])
def test_an_unknown_link_opens_nothing(client: FlaskClient, token: str) -> None:
    path = f"{API}/guardian-consents/{token}"
    for answer in (client.get(path), client.post(path, json={"agreed": True})):
        assert (answer.status_code, answer.json["code"]) == (404, "guardian_link_unknown")
