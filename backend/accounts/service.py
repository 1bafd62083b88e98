"""Owns the rules of accounts: registering, one's name, and declaring where one lives."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from backend.accounts.ages import declare_age
from backend.accounts.consents.service import decide_consent, ensure_required_consents
from backend.accounts.models import Account, Residence
from backend.accounts.passwords import hash_password
from backend.accounts.queries import find_residence, lock_account
from backend.audit.service import record
from backend.db import conflict_on, new_id
from backend.errors import Conflict
from backend.regions.service import get_neighbourhood


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


def declare_residence(
    session: Session, *, account_id: UUID, region_code: str, now: datetime
) -> Residence:
    """Declare the legal dong where a person lives; the residence before it is kept as history.

    :param region_code: eight digits of an eup, myeon or dong.
    :raises RegionUnknown: when no region in force has the code.
    :raises RegionTooCoarse: when it is a city or a province.
    :raises AccountNotFound: when there is no such person.
    :raises ConsentRequired: when the person has not agreed to what is required.
    """
    region = get_neighbourhood(session, code=region_code, field="json.region_code")
    # A phone that lost the answer sends it again: the two declare one after the other.
    lock_account(session, account_id)
    ensure_required_consents(session, account_id, now)
    current = find_residence(session, account_id)
    if current is not None:
        if current.region_code == region.code and current.generation_id == region.generation_id:
            return current
        current.superseded_at = now
        session.flush()
    residence = Residence(
        id=new_id(),
        account_id=account_id,
        region_code=region.code,
        generation_id=region.generation_id,
        declared_at=now,
    )
    session.add(residence)
    session.flush()
    record(
        session,
        action="residence.declared",
        subject_type="account",
        subject_id=account_id,
        actor_id=account_id,
        now=now,
    )
    return residence
