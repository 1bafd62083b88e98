"""Owns the rules of accounts: registering, and one's name."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from backend.accounts.ages import declare_age
from backend.accounts.consents.service import decide_consent
from backend.accounts.models import Account
from backend.accounts.passwords import hash_password
from backend.accounts.queries import lock_account
from backend.audit.service import record
from backend.db import conflict_on, new_id
from backend.errors import Conflict


class EmailTaken(Conflict):
    """Somebody has registered with that address."""

    code = "email_taken"
    ko = "이미 가입된 이메일 주소입니다."
    en = "This e-mail address is already registered."


def register_account(
    session: Session,
    *,
    email: str,
    password: str,
    display_name: str,
    now: datetime,
    born_on: date | None = None,
    consents: Sequence[Mapping[str, Any]] = (),
    is_synthetic: bool = False,
) -> Account:
    """Register a person.

    :param born_on: tells whether a guardian has to consent, and is forgotten; may follow later.
    :param consents: ``document``, ``version`` and ``agreed`` of each; may follow later.
    :param is_synthetic: made up for a demonstration, and shown as such.
    :raises EmailTaken: when the address is registered.
    :raises BirthDateImpossible: when nobody can be born then.
    :raises DocumentUnknown: when there is no such document or version.
    :raises VersionNotCurrent: when another version is in force.
    """
    account = Account(
        id=new_id(),
        email=email.lower(),
        display_name=display_name,
        password_hash=hash_password(password),
        created_at=now,
        is_synthetic=is_synthetic,
    )
    with conflict_on(session, uq_account_email=EmailTaken(field="json.email")):
        session.add(account)
    record(
        session,
        action="account.registered",
        subject_type="account",
        subject_id=account.id,
        actor_id=account.id,
        now=now,
    )
    for consent in consents:
        decide_consent(session, account_id=account.id, **consent, now=now)
    if born_on is not None:
        declare_age(session, account_id=account.id, born_on=born_on, now=now)
    return account


def rename_account(
    session: Session, *, account_id: UUID, display_name: str, now: datetime
) -> Account:
    """Give a person another name.

    :raises AccountNotFound: when there is no such person.
    """
    account = lock_account(session, account_id)
    if account.display_name != display_name:
        account.display_name = display_name
        record(
            session,
            action="account.renamed",
            subject_type="account",
            subject_id=account_id,
            actor_id=account_id,
            now=now,
        )
    return account
