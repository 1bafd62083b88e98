"""Leaving for good: who may ask, what stands in the way, and what others keep."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.accounts.consents.models import Consent
from backend.accounts.models import Account, SignIn
from backend.accounts.personal_data import ERASED_NAME, PROOF_KEPT_FOR
from backend.auth.identity import Role
from backend.db import new_id
from backend.me.erasure.service import erase_account
from backend.me.retention.tasks import forget_erased
from backend.notifications.models import Notice
from backend.organizations.models import Membership, Organization
from backend.proposals.co_authors.models import CoAuthor
from backend.proposals.endorsements import endorse
from tests.conftest import Clock
from tests.support.notices import tell
from tests.support.people import (
    CITY_HALL_EMD,
    PASSWORD,
    make_admin,
    make_reviewer,
    register,
)
from tests.support.proposals import make_decided, make_draft, make_submitted
from tests.support.rounds import make_product

API = "/api/v1"
URL = f"{API}/me/erasure"
SignIn_ = Callable[..., dict[str, str]]
ELSEWHERE = "11110101"


def erase(session: Session, account: Account, now: datetime) -> None:
    erase_account(session, account_id=account.id, sign_in_id=None, password=PASSWORD, now=now)
    session.commit()


@pytest.fixture
def leaver(session: Session) -> Account:
    """Somebody who lives next to City Hall and is about to leave."""
    return register(session, email="leaver@example.com", residence=ELSEWHERE)


@pytest.fixture
def headers(sign_in: SignIn_, leaver: Account) -> dict[str, str]:
    """The headers of who is about to leave."""
    return sign_in(leaver.email)


def test_what_goes_and_what_stays_is_told_before(
    client: FlaskClient, headers: dict[str, str]
) -> None:
    told = client.get(URL, headers=headers).json
    assert {term["key"] for term in told["stays"]} >= {"proposals", "comments", "consents"}
    assert {term["key"] for term in told["goes"]} >= {"account", "drafts", "photos"}
    assert told["obstacles"] == []


def test_a_found_phone_erases_nobody(
    client: FlaskClient, session: Session, leaver: Account, headers: dict[str, str]
) -> None:
    wrong = client.post(URL, json={"password": "something else"}, headers=headers)
    assert (wrong.status_code, wrong.json["code"]) == (422, "password_wrong")
    session.execute(SignIn.__table__.update().values(started_at=leaver.created_at))
    session.commit()
    stale = client.post(URL, json={}, headers=headers)
    assert (stale.status_code, stale.json["code"]) == (403, "fresh_sign_in_needed")
    session.refresh(leaver)
    assert leaver.erased_at is None


def test_who_has_just_signed_in_needs_no_password(
    client: FlaskClient, session: Session, leaver: Account, headers: dict[str, str]
) -> None:
    assert client.post(URL, json={}, headers=headers).status_code == 200
    session.refresh(leaver)
    assert (leaver.email, leaver.password_hash) == (None, None)
    assert leaver.display_name == ERASED_NAME


def test_every_device_is_signed_out_and_nobody_signs_in_again(
    client: FlaskClient, leaver: Account, sign_in: SignIn_, headers: dict[str, str]
) -> None:
    other = sign_in(leaver.email)
    client.post(URL, json={"password": PASSWORD}, headers=headers)
    for token in (headers, other):
        assert client.get(f"{API}/me", headers=token).status_code == 401
    again = client.post(
        f"{API}/sessions", json={"email": "leaver@example.com", "password": PASSWORD}
    )
    assert (again.status_code, again.json["code"]) == (401, "credentials_invalid")


def test_the_address_is_free_again(client: FlaskClient, headers: dict[str, str]) -> None:
    client.post(URL, json={"password": PASSWORD}, headers=headers)
    anew = {"email": "leaver@example.com", "password": PASSWORD, "display_name": "새 이웃"}
    assert client.post(f"{API}/accounts", json=anew).status_code == 201


def test_a_second_time_changes_nothing(session: Session, leaver: Account, now: datetime) -> None:
    erase(session, leaver, now)
    erase(session, leaver, now + timedelta(days=1))
    session.refresh(leaver)
    assert leaver.erased_at == now


@pytest.mark.parametrize("role", ["manager", "admin"])
def test_the_last_who_can_let_others_work_hands_over_first(
    client: FlaskClient, session: Session, sign_in: SignIn_, role: str
) -> None:
    make: Any = {
        "manager": lambda: make_reviewer(session, "11140", role=Role.MANAGER),
        "admin": lambda: make_admin(session),
    }[role]
    last = make()
    headers = sign_in(last.email)
    (obstacle,) = client.get(URL, headers=headers).json["obstacles"]
    assert obstacle["role"] == role
    refused = client.post(URL, json={"password": PASSWORD}, headers=headers)
    assert (refused.status_code, refused.json["code"]) == (409, "last_of_role")
    assert client.get(f"{API}/me", headers=headers).json["email"] == last.email
    make()
    assert client.post(URL, json={"password": PASSWORD}, headers=headers).status_code == 200
    ended = select(Membership.ended_at).where(Membership.account_id == last.id)
    assert session.scalar(ended) is not None


def test_an_office_that_is_closed_keeps_nobody(
    session: Session, leaver: Account, now: datetime
) -> None:
    manager = make_reviewer(session, "11140", role=Role.MANAGER)
    session.scalars(select(Organization)).one().closed_at = now
    session.commit()
    erase(session, manager, now)
    session.refresh(manager)
    assert manager.erased_at == now


def test_endorsements_are_counted_out(session: Session, leaver: Account, now: datetime) -> None:
    proposal = make_submitted(session)
    for account in (leaver, register(session)):
        endorse(session, proposal_id=proposal.id, account_id=account.id, now=now)
    session.commit()
    erase(session, leaver, now)
    session.refresh(proposal)
    assert proposal.endorsement_count == 1


def test_a_draft_that_others_write_too_becomes_theirs(
    session: Session, leaver: Account, now: datetime
) -> None:
    draft, friend = make_draft(session, leaver), register(session)
    session.add(CoAuthor(id=new_id(), proposal_id=draft.id, account_id=friend.id, joined_at=now))
    session.commit()
    erase(session, leaver, now)
    session.refresh(draft)
    assert (draft.author_id, draft.geom) == (friend.id, None)
    assert session.scalar(select(func.count()).select_from(CoAuthor)) == 0


def test_a_residence_stays_as_a_code_only_where_a_product_answers(
    session: Session, leaver: Account, now: datetime
) -> None:
    answered, other = make_decided(session, leaver), make_submitted(session, leaver)
    make_product(session, answers=[answered])
    assert {answered.residence_code, other.residence_code} == {ELSEWHERE}
    erase(session, leaver, now)
    for proposal in (answered, other):
        session.refresh(proposal)
        assert (proposal.geom, proposal.neighbourhood_public) == (None, False)
    assert answered.residence_code == ELSEWHERE
    assert other.residence_code == other.emd_code == CITY_HALL_EMD
    assert other.made_residence_code == CITY_HALL_EMD


def test_proofs_of_consent_go_after_three_years(
    app: Flask, session: Session, leaver: Account, clock: Clock
) -> None:
    erase(session, leaver, clock())
    said = select(func.count()).select_from(Consent).where(Consent.account_id == leaver.id)
    clock.move(seconds=(PROOF_KEPT_FOR - timedelta(days=1)).total_seconds())
    with app.app_context():
        forget_erased()
    assert session.scalar(said)
    clock.move(days=1)
    with app.app_context():
        forget_erased()
    assert session.scalar(said) == 0


def test_what_is_told_to_who_left_is_cleared(
    app: Flask, session: Session, leaver: Account, clock: Clock
) -> None:
    erase(session, leaver, clock())
    tell(session, leaver)
    with app.app_context():
        forget_erased()
    assert session.scalar(select(func.count()).select_from(Notice)) == 0
