"""Inviting staff, and accepting with the token that is shown once."""

from collections.abc import Callable
from hashlib import sha256
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.accounts.models import Account
from backend.audit.models import AuditEvent
from backend.audit.verification import check
from backend.auth.identity import Role
from backend.organizations.memberships import ROLES_OF_KIND
from backend.organizations.models import KINDS, Invitation, Membership
from tests.conftest import Clock
from tests.support import people

SignIn = Callable[..., dict[str, str]]

NEWCOMER = "new@example.com"
REGISTRATION = {"password": "ten letters!", "display_name": "김새로"}


@pytest.fixture
def manager(session: Session) -> Account:
    return people.make_reviewer(session, "11140", "manager@example.com", role=Role.MANAGER)


@pytest.fixture
def invite(
    client: FlaskClient, session: Session, manager: Account, sign_in: SignIn
) -> Callable[..., Any]:
    headers = sign_in(manager.email)
    government = people.local_government_organization(session, "11140")

    def post(email: str = NEWCOMER, role: str = "reviewer") -> Any:
        return client.post(
            f"/api/v1/organizations/{government.id}/invitations",
            json={"email": email, "role": role},
            headers=headers,
        )

    return post


@pytest.fixture
def accept(client: FlaskClient) -> Callable[..., Any]:
    def post(token: str, headers: dict[str, str] | None = None, **body: Any) -> Any:
        return client.post(
            "/api/v1/invitations/acceptance", json={"token": token, **body}, headers=headers
        )

    return post


def members(session: Session) -> int:
    """Count the memberships beside the manager's own."""
    return (session.scalar(select(func.count()).select_from(Membership)) or 0) - 1


def test_the_token_is_shown_once_and_not_kept(invite: Callable[..., Any], session: Session) -> None:
    answer = invite()
    assert answer.status_code == 201, answer.text
    token = answer.json["token"]
    kept = session.scalars(select(Invitation)).one()
    assert kept.token_sha256 == sha256(token.encode()).hexdigest()
    assert token not in repr(vars(kept))


def test_a_newcomer_registers_and_accepts_at_once(
    invite: Callable[..., Any], accept: Callable[..., Any], client: FlaskClient, sign_in: SignIn
) -> None:
    answer = accept(invite().json["token"], registration=REGISTRATION)
    assert answer.status_code == 201, answer.text
    assert answer.json["organization"]["name_ko"] == "서울특별시 중구"
    headers = sign_in(NEWCOMER, REGISTRATION["password"])
    (mine,) = client.get("/api/v1/me/memberships", headers=headers).json["items"]
    assert (mine["role"], mine["organization"]["local_government_code"]) == ("reviewer", "11140")


def test_a_newcomer_consents_and_declares_an_age_with_the_same_request(
    invite: Callable[..., Any], accept: Callable[..., Any], client: FlaskClient, sign_in: SignIn
) -> None:
    registration = REGISTRATION | people.AGREED
    answer = accept(invite().json["token"], registration=registration)
    assert answer.status_code == 201, answer.text
    headers = sign_in(NEWCOMER, REGISTRATION["password"])
    assert client.get("/api/v1/me/age", headers=headers).json["declared"]
    (said, *_) = client.get("/api/v1/me/consents", headers=headers).json["items"]
    assert said["agreed"]


def test_somebody_with_an_account_signs_in_and_accepts(
    invite: Callable[..., Any], accept: Callable[..., Any], session: Session, sign_in: SignIn
) -> None:
    people.register(session, email=NEWCOMER)
    answer = accept(invite("NEW@example.com").json["token"], headers=sign_in(NEWCOMER))
    assert (answer.status_code, answer.json["role"]) == (201, "reviewer")


def test_the_inviter_hears_of_it(
    invite: Callable[..., Any],
    accept: Callable[..., Any],
    client: FlaskClient,
    manager: Account,
    sign_in: SignIn,
) -> None:
    accept(invite().json["token"], registration=REGISTRATION)
    (notice,) = client.get("/api/v1/me/notices", headers=sign_in(manager.email)).json["items"]
    heard = "new@example.com 님이 서울특별시 중구의 초대를 받아들였습니다."
    assert notice["text"].startswith(heard)


def test_a_token_is_good_once(invite: Callable[..., Any], accept: Callable[..., Any]) -> None:
    token = invite().json["token"]
    accept(token, registration=REGISTRATION)
    answer = accept(token, registration=REGISTRATION)
    assert (answer.status_code, answer.json["code"]) == (410, "invitation_used")


def test_a_token_is_good_for_a_fortnight(
    invite: Callable[..., Any], accept: Callable[..., Any], clock: Clock, session: Session
) -> None:
    token = invite().json["token"]
    clock.move(days=14)
    answer = accept(token, registration=REGISTRATION)
    assert (answer.status_code, answer.json["code"]) == (410, "invitation_expired")
    assert members(session) == 0


def test_a_token_is_good_until_the_last_second(
    invite: Callable[..., Any], accept: Callable[..., Any], clock: Clock
) -> None:
    token = invite().json["token"]
    clock.move(days=14, seconds=-1)
    assert accept(token, registration=REGISTRATION).status_code == 201


def test_inviting_again_replaces_a_lost_token(
    invite: Callable[..., Any], accept: Callable[..., Any]
) -> None:
    lost, found = invite().json["token"], invite().json["token"]
    assert accept(lost, registration=REGISTRATION).json["code"] == "invitation_expired"
    assert accept(found, registration=REGISTRATION).status_code == 201


def test_an_invitation_to_another_role_replaces_none(
    invite: Callable[..., Any], accept: Callable[..., Any]
) -> None:
    first = invite().json["token"]
    invite(role="manager")
    assert accept(first, registration=REGISTRATION).status_code == 201


@pytest.mark.parametrize("token", ["x", "가나다", "A" * 43])
def test_an_unknown_token_opens_nothing(accept: Callable[..., Any], token: str) -> None:
    answer = accept(token, registration=REGISTRATION)
    assert (answer.status_code, answer.json["code"]) == (404, "invitation_not_found")


def test_nobody_accepts_what_is_for_somebody_else(
    invite: Callable[..., Any], accept: Callable[..., Any], session: Session, sign_in: SignIn
) -> None:
    token = invite().json["token"]
    stranger = people.register(session)
    answer = accept(token, headers=sign_in(stranger.email))
    assert (answer.status_code, answer.json["code"]) == (403, "invitation_for_another_address")
    assert NEWCOMER not in answer.text
    assert members(session) == 0
    assert accept(token, registration=REGISTRATION).status_code == 201


def test_an_address_with_an_account_is_not_registered_over(
    invite: Callable[..., Any], accept: Callable[..., Any], session: Session, sign_in: SignIn
) -> None:
    people.register(session, email=NEWCOMER)
    token = invite().json["token"]
    answer = accept(token, registration=REGISTRATION)
    assert (answer.status_code, answer.json["code"]) == (401, "sign_in_to_accept")
    assert members(session) == 0
    sign_in(NEWCOMER)


def test_somebody_without_an_account_has_to_register(
    invite: Callable[..., Any], accept: Callable[..., Any]
) -> None:
    answer = accept(invite().json["token"])
    assert (answer.status_code, answer.json["code"]) == (422, "registration_needed")


def test_somebody_signed_in_does_not_register_again(
    invite: Callable[..., Any], accept: Callable[..., Any], session: Session, sign_in: SignIn
) -> None:
    people.register(session, email=NEWCOMER)
    token = invite().json["token"]
    answer = accept(token, headers=sign_in(NEWCOMER), registration=REGISTRATION)
    assert (answer.status_code, answer.json["code"]) == (422, "registration_not_needed")


@pytest.mark.parametrize("password", ["short", "x" * 201])
def test_a_bad_password_leaves_the_invitation_open(
    invite: Callable[..., Any], accept: Callable[..., Any], password: str
) -> None:
    token = invite().json["token"]
    answer = accept(token, registration=REGISTRATION | {"password": password})
    assert list(answer.json["errors"]) == ["json.registration.password"]
    assert accept(token, registration=REGISTRATION).status_code == 201


def test_the_address_cannot_be_exchanged_for_another(
    invite: Callable[..., Any], accept: Callable[..., Any]
) -> None:
    answer = accept(
        invite().json["token"], registration=REGISTRATION | {"email": "else@example.com"}
    )
    assert list(answer.json["errors"]) == ["json.registration.email"]


def test_somebody_who_works_there_is_not_invited_again(
    invite: Callable[..., Any], manager: Account
) -> None:
    answer = invite(manager.email, "manager")
    assert (answer.status_code, answer.json["code"]) == (409, "already_member")


def test_a_role_granted_in_the_meantime_is_not_granted_twice(
    invite: Callable[..., Any], accept: Callable[..., Any], session: Session, sign_in: SignIn
) -> None:
    token = invite().json["token"]
    people.make_reviewer(session, "11140", NEWCOMER)
    answer = accept(token, headers=sign_in(NEWCOMER))
    assert (answer.status_code, answer.json["code"]) == (409, "already_member")


def test_nobody_is_invited_to_a_closed_organization_or_gets_into_one(
    invite: Callable[..., Any], accept: Callable[..., Any], session: Session
) -> None:
    token = invite().json["token"]
    people.local_government_organization(session, "11140").closed_at = people.BEFORE
    session.commit()
    assert invite("more@example.com").json["code"] == "organization_closed"
    assert accept(token, registration=REGISTRATION).json["code"] == "organization_closed"
    assert session.scalars(select(Account).where(Account.email == NEWCOMER)).all() == []


@pytest.mark.parametrize("email", ["no address", "", "a@b", "x" * 250 + "@example.com"])
def test_only_an_address_is_invited(invite: Callable[..., Any], email: str) -> None:
    assert list(invite(email).json["errors"]) == ["json.email"]


def test_an_unknown_role_is_no_role(invite: Callable[..., Any]) -> None:
    assert list(invite(role="king").json["errors"]) == ["json.role"]


FITTING = {
    "local_government": {"reviewer", "manager"},
    "institution": {"applicant"},
    "supplier": {"supplier"},
    "procurement_service": {"officer", "auditor", "admin"},
}


def test_each_kind_of_organization_has_its_line_in_the_table() -> None:
    assert set(ROLES_OF_KIND) == set(KINDS)


@pytest.mark.parametrize("role", [role.value for role in Role])
@pytest.mark.parametrize("kind", sorted(FITTING))
def test_a_role_is_offered_where_it_fits(
    client: FlaskClient, session: Session, sign_in: SignIn, kind: str, role: str
) -> None:
    headers = sign_in(people.make_admin(session).email)
    organization_id = {
        "local_government": lambda: people.local_government_organization(session, "11140").id,
        "institution": lambda: people.make_institution(session).organization_id,
        "supplier": lambda: people.make_supplier(session).organization_id,
        "procurement_service": lambda: people.procurement_service(session).id,
    }[kind]()
    answer = client.post(
        f"/api/v1/organizations/{organization_id}/invitations",
        json={"email": NEWCOMER, "role": role},
        headers=headers,
    )
    if role in FITTING[kind]:
        assert answer.status_code == 201, answer.text
    else:
        assert (answer.status_code, answer.json["code"]) == (422, "role_not_fitting")


def test_every_step_is_in_the_organizations_chain_and_the_chain_holds(
    invite: Callable[..., Any], accept: Callable[..., Any], session: Session
) -> None:
    organization_id = invite().json["organization_id"]
    accept(invite().json["token"], registration=REGISTRATION)
    events = session.scalars(
        select(AuditEvent).where(AuditEvent.chain == organization_id).order_by(AuditEvent.seq)
    ).all()
    assert [event.action for event in events] == [
        "invitation.made",
        "invitation.made",
        "membership.granted",
        "invitation.accepted",
    ]
    assert NEWCOMER not in "".join(event.data for event in events)
    assert check(session).breaks == []
