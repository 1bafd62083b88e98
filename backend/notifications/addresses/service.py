"""Owns the change of an address: asking for it, and taking it over by the link sent there.

Nobody learns whether an address has an account: the answer is the same, and a letter goes out only
where the address is free.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from backend.accounts.models import Account
from backend.accounts.ownership import check_is_owner
from backend.accounts.queries import find_account_by_email, get_account, lock_account
from backend.accounts.service import EmailTaken
from backend.audit.service import record
from backend.db import conflict_on
from backend.errors import NotFound
from backend.jobs.outbox import defer
from backend.notifications.addresses.models import EmailChange
from backend.notifications.letters.models import EmailConfirmation
from backend.notifications.letters.service import MailIsOff
from backend.notifications.letters.tokens import (
    CONFIRM_WITHIN,
    LinkUnknown,
    hash_email,
    read_change,
)

TASK = "notifications.send_email_change"


class EmailChangeNotFound(NotFound):
    """Nobody asked for another address, or it was too long ago."""

    code = "email_change_not_found"
    ko = "진행 중인 이메일 주소 변경이 없습니다."
    en = "No change of the address is under way."


@dataclass(frozen=True, slots=True)
class Wanted:
    """An account with the address that its owner wants, which is free."""

    account: Account
    email: str


def request_change(
    session: Session,
    *,
    account_id: UUID,
    sign_in_id: UUID | None,
    email: str,
    password: str | None,
    is_mail_on: bool,
    now: datetime,
) -> EmailChange:
    """Have a link sent to another address, and a warning to the present one.

    :param sign_in_id: from which the person asks.
    :param password: shows who asks; not needed shortly after a sign-in.
    :raises AccountNotFound: when there is no such person.
    :raises PasswordWrong, FreshSignInNeeded: when it may be somebody else who asks.
    :raises MailIsOff: when no letter can be sent.
    """
    account = get_account(session, account_id)
    check_is_owner(session, account, sign_in_id=sign_in_id, password=password, now=now)
    if not is_mail_on:
        raise MailIsOff
    lock_account(session, account_id)
    wanted = {"email": email.lower(), "requested_at": now}
    session.execute(
        insert(EmailChange)
        .values(account_id=account_id, **wanted)
        .on_conflict_do_update(index_elements=["account_id"], set_=wanted)
    )
    defer(session, TASK, dedup_key=f"{TASK}:{account_id}", account_id=account_id)
    _record(session, "account.email_change_requested", account_id, now)
    return session.get_one(EmailChange, account_id, populate_existing=True)


def get_change(session: Session, account_id: UUID, now: datetime) -> EmailChange:
    """Return the address that a person wants to have.

    :raises EmailChangeNotFound: when they want none, or wanted it too long ago.
    """
    change = session.get(EmailChange, account_id)
    if change is None or change.requested_at <= now - CONFIRM_WITHIN:
        raise EmailChangeNotFound
    return change


def find_wanted(session: Session, account_id: UUID) -> Wanted | None:
    """Return whom to write about a change; None where it is over, or the address is taken."""
    change = session.get(EmailChange, account_id)
    if change is None or find_account_by_email(session, change.email) is not None:
        return None
    return Wanted(get_account(session, account_id), change.email)


def complete_change(session: Session, *, token: str, secret: str, now: datetime) -> None:
    """Give an account the address whose reader opened the link; it counts as confirmed.

    :raises LinkUnknown: when the link is none of ours, or another one was asked for since.
    :raises LinkExpired: when it is too old.
    :raises EmailTaken: when somebody has registered with the address meanwhile.
    """
    meant = read_change(token, secret=secret, now=now)
    change = session.get(EmailChange, meant.account_id, with_for_update=True)
    if change is None or hash_email(change.email) != meant.email_sha256:
        raise LinkUnknown
    account, email = lock_account(session, meant.account_id), change.email
    with conflict_on(session, uq_account_email=EmailTaken()):
        account.email = email
    session.execute(delete(EmailChange).where(EmailChange.account_id == account.id))
    session.merge(
        EmailConfirmation(
            account_id=account.id, email=email, requested_at=change.requested_at, confirmed_at=now
        )
    )
    session.flush()
    _record(session, "account.email_changed", account.id, now)


def forget_old_changes(session: Session, *, now: datetime) -> int:
    """Delete addresses whose readers did not answer in time; return how many."""
    gone = session.execute(
        delete(EmailChange)
        .where(EmailChange.requested_at <= now - CONFIRM_WITHIN)
        .returning(EmailChange.account_id)
    )
    return len(gone.all())


def _record(session: Session, action: str, account_id: UUID, now: datetime) -> None:
    record(
        session,
        action=action,
        subject_type="account",
        subject_id=account_id,
        actor_id=account_id,
        now=now,
    )
