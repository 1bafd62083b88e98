"""A write that is sent again is done once, and answered as it was."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.accounts.models import RefreshToken
from backend.audit.models import AuditEvent
from backend.auth.identity import Role
from backend.idempotency.models import KeptAnswer
from backend.idempotency.service import KEPT_FOR, forget_old
from backend.organizations.models import Organization
from backend.proposals.models import Proposal
from tests.conftest import Clock
from tests.support.people import (
    CITY_HALL,
    CITY_HALL_EMD,
    PASSWORD,
    local_government_organization,
    make_reviewer,
    register,
)

URL = "/api/v1/proposals"
KEY = {"Idempotency-Key": "0f5f1f3e-1d0a-4c5b-9d5e-6f6f0b7a2f10"}
DRAFT = {
    "category": "safety",
    "title": "골목길 비상벨",
    "problem": "밤길이 어둡다.",
    "location": {"lon": CITY_HALL[0], "lat": CITY_HALL[1], "accuracy_m": 8},
}
SignIn = Callable[..., dict[str, str]]


@pytest.fixture
def author(session: Session, sign_in: SignIn) -> dict[str, str]:
    """The headers of a citizen with a key."""
    return sign_in(register(session).email) | KEY


def count(session: Session, table: type[Any]) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def test_the_same_request_makes_one_proposal(
    client: FlaskClient, session: Session, author: dict[str, str]
) -> None:
    first = client.post(URL, json=DRAFT, headers=author)
    events = count(session, AuditEvent)
    again = client.post(URL, json=DRAFT, headers=author)
    assert first.status_code == 201
    assert (again.status_code, again.data) == (201, first.data)
    assert count(session, Proposal) == 1
    assert count(session, AuditEvent) == events


def test_a_repeated_answer_has_the_headers_of_the_first_and_says_so(
    client: FlaskClient, author: dict[str, str]
) -> None:
    first, again = (client.post(URL, json=DRAFT, headers=author) for _ in range(2))
    ours = {"Idempotency-Replayed", "Content-Length", "X-Request-Id"}
    assert {pair for pair in again.headers if pair[0] not in ours} == {
        pair for pair in first.headers if pair[0] not in ours
    }
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.headers["ETag"] == first.headers["ETag"]


def test_without_a_key_each_request_makes_its_own(
    client: FlaskClient, session: Session, author: dict[str, str]
) -> None:
    author.pop("Idempotency-Key")
    for _ in range(2):
        client.post(URL, json=DRAFT, headers=author)
    assert (count(session, Proposal), count(session, KeptAnswer)) == (2, 0)


def test_another_body_under_the_same_key_is_refused(
    client: FlaskClient, session: Session, author: dict[str, str]
) -> None:
    client.post(URL, json=DRAFT, headers=author)
    other = client.post(URL, json={**DRAFT, "title": "가로등"}, headers=author)
    assert (other.status_code, other.json["code"]) == (422, "idempotency_key_reused")
    assert list(other.json["errors"]) == ["headers.Idempotency-Key"]
    assert count(session, Proposal) == 1


def test_another_address_under_the_same_key_is_refused(
    client: FlaskClient, author: dict[str, str]
) -> None:
    proposal = client.post(URL, json=DRAFT, headers=author).json
    other = client.post(f"{URL}/{proposal['id']}/submission", headers=author)
    assert (other.status_code, other.json["code"]) == (422, "idempotency_key_reused")


def test_a_key_belongs_to_its_account(
    client: FlaskClient, session: Session, author: dict[str, str], sign_in: SignIn
) -> None:
    mine = client.post(URL, json=DRAFT, headers=author)
    other = sign_in(register(session).email) | KEY
    theirs = client.post(URL, json=DRAFT, headers=other)
    assert theirs.status_code == 201
    assert theirs.json["id"] != mine.json["id"]


def test_a_transition_is_repeated_although_it_would_be_refused_now(
    client: FlaskClient, session: Session, sign_in: SignIn
) -> None:
    local_government_organization(session, "11140")
    author = sign_in(register(session, residence=CITY_HALL_EMD).email)
    address = f"{URL}/{client.post(URL, json=DRAFT, headers=author).json['id']}/submission"
    first = client.post(address, headers=author | KEY)
    assert first.json["status"] == "submitted"
    assert client.post(address, headers=author).status_code == 409
    again = client.post(address, headers=author | KEY)
    assert (again.status_code, again.data) == (200, first.data)


def test_a_refused_request_may_be_sent_again_when_its_reason_is_gone(
    client: FlaskClient, session: Session, author: dict[str, str]
) -> None:
    local_government_organization(session, "11140")
    bearer = {"Authorization": author["Authorization"]}
    address = f"{URL}/{client.post(URL, json=DRAFT, headers=bearer).json['id']}/submission"
    refused = client.post(address, headers=author)
    assert (refused.status_code, refused.json["code"]) == (409, "residence_not_declared")
    client.put("/api/v1/me/residence", json={"region_code": CITY_HALL_EMD}, headers=bearer)
    assert client.post(address, headers=author).status_code == 200


def test_a_key_is_new_again_after_a_day(
    client: FlaskClient, session: Session, sign_in: SignIn, clock: Clock
) -> None:
    email = register(session).email
    first = client.post(URL, json=DRAFT, headers=sign_in(email) | KEY)
    clock.move(hours=23, minutes=59)
    assert client.post(URL, json=DRAFT, headers=sign_in(email) | KEY).data == first.data
    clock.move(minutes=1)
    later = client.post(URL, json=DRAFT, headers=sign_in(email) | KEY)
    assert later.status_code == 201
    assert later.json["id"] != first.json["id"]


def test_what_is_a_day_old_is_cleared_and_nothing_else(
    client: FlaskClient, session: Session, author: dict[str, str], clock: Clock
) -> None:
    began = clock.time
    client.post(URL, json=DRAFT, headers=author)
    clock.move(minutes=1)
    client.post(URL, json=DRAFT, headers=author | {"Idempotency-Key": "later"})
    assert forget_old(session, now=began + KEPT_FOR) == 1
    assert session.scalars(select(KeptAnswer.key)).all() == ["later"]
    assert forget_old(session, now=began + KEPT_FOR + timedelta(minutes=1)) == 1


@pytest.mark.parametrize("key", ["", "two words", "k" * 256, "열쇠"])
def test_what_is_no_key_is_refused(
    client: FlaskClient, session: Session, author: dict[str, str], key: str
) -> None:
    raw = key.encode().decode("latin-1")
    answer = client.post(URL, json=DRAFT, headers=author | {"Idempotency-Key": raw})
    assert (answer.status_code, answer.json["code"]) == (400, "idempotency_key_malformed")
    assert count(session, Proposal) == 0


def test_tokens_are_never_kept(
    client: FlaskClient, session: Session, author: dict[str, str]
) -> None:
    email = register(session).email
    facts = {"email": email, "password": PASSWORD}
    before = count(session, RefreshToken)
    pair = client.post("/api/v1/sessions", json=facts, headers=author)
    token = {"refresh_token": pair.json["refresh_token"]}
    client.post("/api/v1/sessions/renewal", json=token, headers=author)
    assert count(session, RefreshToken) == before + 2
    assert count(session, KeptAnswer) == 0


def test_an_invitations_token_is_never_kept(
    client: FlaskClient, session: Session, sign_in: SignIn
) -> None:
    manager = sign_in(make_reviewer(session, "11140", role=Role.MANAGER).email) | KEY
    address = (
        f"/api/v1/organizations/{session.scalars(select(Organization.id)).first()}/invitations"
    )
    body = {"role": "reviewer", "email": "new@example.com"}
    tokens = [client.post(address, json=body, headers=manager).json["token"] for _ in range(2)]
    assert tokens[0] != tokens[1]
    assert count(session, KeptAnswer) == 0
