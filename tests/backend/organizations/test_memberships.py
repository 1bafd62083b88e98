"""Who works where, the end of it, and what a token of one government is worth at another."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.accounts.models import Account
from backend.accounts.models import SignIn as SignInRow
from backend.accounts.tokens import Caller, TokenInvalid
from backend.audit.models import AuditEvent
from backend.auth.identity import Identity, Role
from backend.db import new_id
from backend.organizations.identities import load_identity
from backend.organizations.memberships import end_membership, grant
from backend.organizations.models import Membership
from backend.organizations.queries import list_staff_ids
from tests.support import people

SignIn = Callable[..., dict[str, str]]


def members_url(session: Session, code: str = "11140") -> str:
    return f"/api/v1/organizations/{people.local_government_organization(session, code).id}/members"


def membership_of(session: Session, account: Account) -> Membership:
    return session.scalars(select(Membership).where(Membership.account_id == account.id)).one()


@pytest.fixture
def manager(session: Session) -> Account:
    return people.make_reviewer(session, "11140", "manager@example.com", role=Role.MANAGER)


@pytest.fixture
def reviewer(session: Session) -> Account:
    return people.make_reviewer(session, "11140", "reviewer@example.com")


def test_colleagues_see_who_works_with_them(
    client: FlaskClient, session: Session, manager: Account, reviewer: Account, sign_in: SignIn
) -> None:
    answer = client.get(members_url(session), headers=sign_in(reviewer.email))
    assert [(item["email"], item["role"]) for item in answer.json["items"]] == [
        ("manager@example.com", "manager"),
        ("reviewer@example.com", "reviewer"),
    ]


def test_an_ended_membership_ends_at_once(
    client: FlaskClient, session: Session, manager: Account, reviewer: Account, sign_in: SignIn
) -> None:
    still_good = sign_in(reviewer.email)
    url = members_url(session)
    assert client.get(url, headers=still_good).status_code == 200
    ended = client.delete(
        f"{url}/{membership_of(session, reviewer).id}", headers=sign_in(manager.email)
    )
    assert ended.status_code == 204
    assert client.get(url, headers=still_good).status_code == 403
    assert client.get("/api/v1/me/memberships", headers=still_good).json["items"] == []


def test_a_membership_ends_once(
    client: FlaskClient, session: Session, manager: Account, reviewer: Account, sign_in: SignIn
) -> None:
    url = f"{members_url(session)}/{membership_of(session, reviewer).id}"
    headers = sign_in(manager.email)
    client.delete(url, headers=headers)
    again = client.delete(url, headers=headers)
    assert (again.status_code, again.json["code"]) == (404, "membership_not_found")


def test_a_token_of_one_government_is_refused_at_another(
    client: FlaskClient, session: Session, manager: Account, sign_in: SignIn
) -> None:
    elsewhere = people.make_reviewer(session, "26110")
    headers = sign_in(manager.email)
    url = members_url(session, "26110")
    assert client.get(url, headers=headers).status_code == 403
    ended = client.delete(f"{url}/{membership_of(session, elsewhere).id}", headers=headers)
    assert ended.status_code == 403
    invited = client.post(
        url.replace("/members", "/invitations"),
        json={"email": "x@example.com", "role": "reviewer"},
        headers=headers,
    )
    assert invited.status_code == 403
    assert membership_of(session, elsewhere).ended_at is None


def test_a_manager_does_not_end_another_governments_membership_by_way_of_the_own(
    client: FlaskClient, session: Session, manager: Account, sign_in: SignIn
) -> None:
    elsewhere = people.make_reviewer(session, "26110")
    url = f"{members_url(session, '11140')}/{membership_of(session, elsewhere).id}"
    answer = client.delete(url, headers=sign_in(manager.email))
    assert (answer.status_code, answer.json["code"]) == (404, "membership_not_found")
    assert membership_of(session, elsewhere).ended_at is None


def test_both_ends_of_a_membership_are_recorded(
    session: Session, reviewer: Account, now: datetime
) -> None:
    government = people.local_government_organization(session, "26110")
    membership = grant(
        session,
        account_id=reviewer.id,
        organization_id=government.id,
        role=Role.MANAGER,
        granted_by=None,
        now=now,
    )
    end_membership(
        session,
        organization_id=government.id,
        membership_id=membership.id,
        actor_id=reviewer.id,
        now=now,
    )
    events = session.scalars(
        select(AuditEvent).where(AuditEvent.chain == str(government.id)).order_by(AuditEvent.seq)
    )
    expected = {"account_id": str(reviewer.id), "role": "manager"}
    assert [(event.action, event.facts) for event in events] == [
        ("membership.granted", expected),
        ("membership.ended", expected),
    ]


def test_whoever_left_may_come_back(session: Session, reviewer: Account, now: datetime) -> None:
    left = membership_of(session, reviewer)
    left.ended_at = now
    session.flush()
    back = grant(
        session,
        account_id=reviewer.id,
        organization_id=left.organization_id,
        role=Role.REVIEWER,
        granted_by=None,
        now=now,
    )
    assert identity_of(session, reviewer).memberships
    assert back.id != left.id


def test_an_identity_holds_every_role_of_today_and_its_government(
    session: Session, reviewer: Account, now: datetime
) -> None:
    institution = people.make_institution(session)
    grant(
        session,
        account_id=reviewer.id,
        organization_id=institution.organization_id,
        role=Role.APPLICANT,
        granted_by=None,
        now=now,
    )
    identity = identity_of(session, reviewer)
    assert identity.serves_local_government("11140", Role.REVIEWER)
    assert not identity.serves_local_government("11140", Role.MANAGER)
    assert not identity.serves_local_government("26110", Role.REVIEWER)
    assert identity.serves_organization(institution.organization_id, Role.APPLICANT)


def test_a_citizen_is_known_and_has_no_role(session: Session) -> None:
    citizen = people.register(session)
    identity = identity_of(session, citizen)
    assert identity.account_id == citizen.id
    assert list(identity.memberships) == []


def test_a_closed_account_is_nobody(session: Session, reviewer: Account, now: datetime) -> None:
    caller = people.make_sign_in(session, reviewer)
    reviewer.disabled_at = now
    session.flush()
    with pytest.raises(TokenInvalid):
        load_identity(session, caller)


def test_an_account_that_never_was_is_nobody(session: Session, reviewer: Account) -> None:
    caller = people.make_sign_in(session, reviewer)
    for nobody in (Caller(new_id(), new_id()), Caller(new_id(), caller.sign_in_id)):
        with pytest.raises(TokenInvalid):
            load_identity(session, nobody)


def test_nobody_comes_in_by_a_sign_in_that_ended_or_is_somebody_elses(
    session: Session, reviewer: Account, now: datetime
) -> None:
    theirs = people.make_sign_in(session, people.register(session))
    own = people.make_sign_in(session, reviewer)
    session.get_one(SignInRow, own.sign_in_id).ended_at = now
    session.flush()
    for sign_in_id in (theirs.sign_in_id, own.sign_in_id):
        with pytest.raises(TokenInvalid):
            load_identity(session, Caller(reviewer.id, sign_in_id))


def identity_of(session: Session, account: Account) -> Identity:
    """Return who somebody is who has just signed in."""
    return load_identity(session, people.make_sign_in(session, account))


def test_the_staff_of_a_role_can_be_told_something(
    session: Session, manager: Account, reviewer: Account
) -> None:
    organization_id: UUID = people.local_government_organization(session, "11140").id
    assert list_staff_ids(session, organization_id, Role.REVIEWER) == [reviewer.id]
    both = list_staff_ids(session, organization_id, Role.REVIEWER, Role.MANAGER)
    assert set(both) == {manager.id, reviewer.id}
    assert list_staff_ids(session, organization_id, Role.APPLICANT) == []
