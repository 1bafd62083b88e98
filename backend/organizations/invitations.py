"""Owns inviting people to work for an organization and the acceptance of invitations.

The token is all that an invitation needs, so only its SHA-256 is kept; who invites hands it over.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.accounts.models import Account
from backend.accounts.queries import find_account_by_email, get_account
from backend.accounts.service import register_account
from backend.audit.service import record
from backend.auth.identity import Role
from backend.db import new_id
from backend.errors import AuthenticationRequired, Invalid, NotFound, PermissionDenied
from backend.notifications.service import notify
from backend.organizations import states
from backend.organizations.memberships import AlreadyMember, check_role, grant
from backend.organizations.models import Invitation, Membership
from backend.organizations.queries import find_current_membership, get_organization


class InvitationNotFound(NotFound):
    """No invitation has that token."""

    code = "invitation_not_found"
    ko = "초대를 찾을 수 없습니다. 받은 초대 코드를 확인해 주세요."
    en = "There is no such invitation. Check the token that you were given."


class InvitationForAnotherAddress(PermissionDenied):
    """The person who is signed in is not the one who was invited."""

    code = "invitation_for_another_address"
    ko = "다른 이메일 주소로 보낸 초대입니다. 초대받은 주소의 계정으로 로그인해 주세요."
    en = "The invitation is for another e-mail address. Sign in with the invited one."


class SignInToAccept(AuthenticationRequired):
    """The invited address has an account, whose owner has to accept."""

    code = "sign_in_to_accept"
    ko = "초대받은 주소로 가입한 계정이 있습니다. 로그인한 뒤 초대를 받아들여 주세요."
    en = "The invited address has an account. Sign in to accept the invitation."


class RegistrationNeeded(Invalid):
    """Nobody is signed in and the invited address has no account yet."""

    code = "registration_needed"
    ko = "아직 계정이 없습니다. 비밀번호와 이름을 함께 보내 가입해 주세요."
    en = "There is no account yet. Register in the same request, with a password and a name."


class RegistrationNotNeeded(Invalid):
    """Somebody who is signed in does not register again."""

    code = "registration_not_needed"
    ko = "이미 로그인했으므로 가입 정보를 보내지 않습니다."
    en = "You are signed in: leave the registration out."


@dataclass(frozen=True, slots=True)
class Offer:
    """An invitation just made, and its token, which cannot be read ever again."""

    invitation: Invitation
    token: str


@dataclass(frozen=True, slots=True)
class Registration:
    """What somebody without an account gives to get one; the address is the invited one.

    :param consents: ``document``, ``version`` and ``agreed`` of each.
    """

    password: str
    display_name: str
    born_on: date | None = None
    consents: Sequence[Mapping[str, Any]] = ()


def invite(
    session: Session,
    *,
    organization_id: UUID,
    role: Role,
    email: str,
    invited_by: UUID | None,
    now: datetime,
    life: timedelta,
) -> Offer:
    """Invite whoever has an e-mail address to a role; an open invitation of the same is replaced.

    :param invited_by: the account that invites, None for the operator.
    :param life: how long the token can be used.
    :raises OrganizationNotFound: when there is no such organization.
    :raises OrganizationClosed: when it exists no more.
    :raises RoleNotFitting: when its kind does not have the role.
    :raises AlreadyMember: when the person has the role there now.
    """
    email = email.lower()
    check_role(get_organization(session, organization_id), role)
    account = find_account_by_email(session, email)
    if account and find_current_membership(session, account.id, organization_id, role):
        raise AlreadyMember(field="json.email")
    before = find_open_invitation(
        session, organization_id=organization_id, role=role, email=email, now=now
    )
    if before is not None:
        states.mark_expired(before, now)
    token = secrets.token_urlsafe(32)
    invitation = Invitation(
        id=new_id(),
        organization_id=organization_id,
        role=role.value,
        email=email,
        token_sha256=_digest(token),
        invited_by=invited_by,
        invited_at=now,
        expires_at=now + life,
    )
    session.add(invitation)
    record(
        session,
        action="invitation.made",
        subject_type="invitation",
        subject_id=invitation.id,
        actor_id=invited_by,
        now=now,
        chain=str(organization_id),
        data={"role": role.value, "replaces": str(before.id) if before else None},
    )
    return Offer(invitation, token)


def accept_invitation(
    session: Session,
    *,
    token: str,
    account_id: UUID | None,
    registration: Registration | None,
    now: datetime,
) -> Membership:
    """Accept an invitation, as the invited person who is signed in or who registers with it.

    :param account_id: who is signed in, None for nobody.
    :param registration: needed when the invited address has no account yet.
    :raises InvitationNotFound: when no invitation has the token.
    :raises InvitationUsed: when it was accepted before.
    :raises InvitationExpired: when its time is over.
    :raises InvitationForAnotherAddress: when somebody else is signed in.
    :raises SignInToAccept: when nobody is signed in and the address has an account.
    :raises RegistrationNeeded: when nobody is signed in and it has none.
    :raises RegistrationNotNeeded: when somebody is signed in and registers all the same.
    :raises OrganizationClosed: when the organization exists no more.
    :raises AlreadyMember: when the person got the role in the meantime.
    """
    invitation = session.scalar(
        select(Invitation).where(Invitation.token_sha256 == _digest(token)).with_for_update()
    )
    if invitation is None:
        raise InvitationNotFound(field="json.token")
    states.mark_accepted(invitation, now)
    if account_id is not None:
        account = _signed_in(session, invitation, account_id, registration)
    else:
        account = _registered(session, invitation, registration, now)
    membership = grant(
        session,
        account_id=account.id,
        organization_id=invitation.organization_id,
        role=Role(invitation.role),
        granted_by=invitation.invited_by,
        now=now,
    )
    if invitation.invited_by is not None:
        _tell_inviter(session, invitation, invitation.invited_by, now)
    record(
        session,
        action="invitation.accepted",
        subject_type="invitation",
        subject_id=invitation.id,
        actor_id=account.id,
        now=now,
        chain=str(invitation.organization_id),
        data={"membership_id": str(membership.id)},
    )
    return membership


def find_open_invitation(
    session: Session, *, organization_id: UUID, role: Role, email: str, now: datetime
) -> Invitation | None:
    """Return the invitation of an address to a role that can still be accepted, locked."""
    return session.scalar(
        select(Invitation)
        .where(
            Invitation.organization_id == organization_id,
            Invitation.role == role.value,
            Invitation.email == email.lower(),
            Invitation.accepted_at.is_(None),
            Invitation.expires_at > now,
        )
        .with_for_update()
    )


def _signed_in(
    session: Session, invitation: Invitation, account_id: UUID, registration: Registration | None
) -> Account:
    account = get_account(session, account_id)
    if account.email != invitation.email:
        raise InvitationForAnotherAddress
    if registration is not None:
        raise RegistrationNotNeeded(field="json.registration")
    return account


def _registered(
    session: Session, invitation: Invitation, registration: Registration | None, now: datetime
) -> Account:
    if find_account_by_email(session, invitation.email) is not None:
        raise SignInToAccept
    if registration is None:
        raise RegistrationNeeded(field="json.registration")
    return register_account(
        session,
        email=invitation.email,
        password=registration.password,
        display_name=registration.display_name,
        born_on=registration.born_on,
        consents=registration.consents,
        now=now,
    )


def _tell_inviter(
    session: Session, invitation: Invitation, inviter_id: UUID, now: datetime
) -> None:
    organization = get_organization(session, invitation.organization_id)
    notify(
        session,
        recipient_id=inviter_id,
        kind="invitation_accepted",
        subject_type="organization",
        subject_id=organization.id,
        params={
            "email": invitation.email,
            "organization": {"ko": organization.name_ko, "en": organization.name_en},
        },
        now=now,
    )


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
