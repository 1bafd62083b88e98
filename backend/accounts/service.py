"""Owns the rules of accounts: registering."""

from datetime import datetime

from sqlalchemy.orm import Session

from backend.accounts.models import Account
from backend.accounts.passwords import hash_password
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
    is_synthetic: bool = False,
) -> Account:
    """Register a person.

    :param is_synthetic: made up for a demonstration, and shown as such.
    :raises EmailTaken: when the address is registered.
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
    return account
