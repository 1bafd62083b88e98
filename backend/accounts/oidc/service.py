"""Owns who came from where: a person's first sign-in with a provider, further ones, and the last.

An account without a password has at least one identity: what takes the last one away is refused.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.accounts.admission import CredentialsInvalid, admit
from backend.accounts.models import Account
from backend.accounts.oidc.models import ExternalIdentity
from backend.accounts.oidc.proofs import Outsider
from backend.accounts.oidc.queries import find_identity, list_identities
from backend.accounts.queries import get_account, lock_account
from backend.accounts.sessions import Device, TokenPair, TokenPolicy
from backend.audit.service import record
from backend.db import new_id
from backend.errors import Conflict, NotFound


class IdentityTaken(Conflict):
    """Somebody signs in as another person with that."""

    code = "identity_taken"
    ko = "다른 계정에 연결된 로그인입니다."
    en = "This sign-in belongs to another account."


class IdentityNotFound(NotFound):
    """One's account has no such identity."""

    code = "identity_not_found"
    ko = "연결된 로그인을 찾을 수 없습니다."
    en = "There is no such linked sign-in."


class LastWayIn(Conflict):
    """Without it nobody could sign in to the account any more."""

    code = "last_way_in"
    ko = "로그인할 수 있는 마지막 방법이라 연결을 끊을 수 없습니다."
    en = "This is the last way to sign in, so it cannot be unlinked."


@dataclass(frozen=True, slots=True)
class OutsiderSignIn:
    """A sign-in that was opened for somebody at a provider.

    :param is_new: whether the account was made with it.
    """

    pair: TokenPair
    is_new: bool


def sign_in_outsider(
    session: Session,
    *,
    outsider: Outsider,
    display_name: str | None,
    device: Device,
    policy: TokenPolicy,
    now: datetime,
) -> OutsiderSignIn:
    """Open a sign-in for somebody at a provider; the first time, they become a person here.

    :param display_name: of a new account; where none is chosen, it gets one to be changed.
    :raises CredentialsInvalid: when the account is closed.
    :raises SecondFactorRequired: when a code is asked for besides.
    """
    _take_turn(session, outsider)
    identity = find_identity(session, outsider.subject_hmac)
    is_new = identity is None
    if identity is None:
        account = _register(session, outsider, display_name, now)
    else:
        account = get_account(session, identity.account_id)
    if account.disabled_at is not None:
        raise CredentialsInvalid
    return OutsiderSignIn(admit(session, account, device, policy, now), is_new)


def link_identity(
    session: Session, *, account_id: UUID, outsider: Outsider, now: datetime
) -> ExternalIdentity:
    """Let a person sign in with a further provider; a second time changes nothing.

    :raises AccountNotFound: when there is no such person.
    :raises IdentityTaken: when it is another person's.
    """
    _take_turn(session, outsider)
    lock_account(session, account_id)
    identity = find_identity(session, outsider.subject_hmac)
    if identity is not None:
        if identity.account_id != account_id:
            raise IdentityTaken
        return identity
    identity = _add_identity(session, account_id, outsider, now)
    _record(session, "identity.linked", account_id, now)
    return identity


def unlink_identity(
    session: Session, *, account_id: UUID, identity_id: UUID, now: datetime
) -> None:
    """Take a provider away from a person's ways to sign in.

    :raises IdentityNotFound: when the person does not have it.
    :raises LastWayIn: when nobody could sign in any more.
    """
    account = lock_account(session, account_id)
    identities = list_identities(session, account_id)
    identity = next((one for one in identities if one.id == identity_id), None)
    if identity is None:
        raise IdentityNotFound
    if len(identities) == 1 and account.password_hash is None:
        raise LastWayIn
    session.delete(identity)
    _record(session, "identity.unlinked", account_id, now)


def _take_turn(session: Session, outsider: Outsider) -> None:
    """Let first sign-ins of the same person, sent by an impatient phone, follow one another."""
    lock = int.from_bytes(bytes.fromhex(outsider.subject_hmac)[:8], signed=True)
    session.execute(select(func.pg_advisory_xact_lock(lock)))


def _register(
    session: Session, outsider: Outsider, display_name: str | None, now: datetime
) -> Account:
    account = Account(
        id=new_id(),
        display_name=display_name or f"이웃 {secrets.randbelow(9000) + 1000}",
        created_at=now,
    )
    session.add(account)
    session.flush()
    _add_identity(session, account.id, outsider, now)
    _record(session, "account.registered", account.id, now)
    return account


def _add_identity(
    session: Session, account_id: UUID, outsider: Outsider, now: datetime
) -> ExternalIdentity:
    identity = ExternalIdentity(
        id=new_id(),
        account_id=account_id,
        provider=outsider.provider,
        subject_hmac=outsider.subject_hmac,
        linked_at=now,
    )
    session.add(identity)
    session.flush()
    return identity


def _record(session: Session, action: str, account_id: UUID, now: datetime) -> None:
    record(
        session,
        action=action,
        subject_type="account",
        subject_id=account_id,
        actor_id=account_id,
        now=now,
    )
