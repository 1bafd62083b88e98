"""Owns the confirmation of addresses, and the stopping of letters by a link."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from backend.accounts.models import Account
from backend.accounts.queries import get_account, lock_account
from backend.audit.service import record
from backend.errors import Conflict, Unavailable
from backend.jobs.outbox import defer
from backend.notifications.letters.models import EmailConfirmation
from backend.notifications.letters.tokens import (
    LinkUnknown,
    hash_email,
    read_confirmation,
    read_unsubscription,
)
from backend.notifications.preferences.service import stop_letters

CONFIRM_TASK = "notifications.send_confirmation"

ASKED_ONCE_IN = timedelta(minutes=1)
"""Asking again within it sends no second letter."""


class MailIsOff(Unavailable):
    """The installation sends no mail."""

    code = "mail_off"
    ko = "이 서비스는 지금 이메일을 보내지 않습니다."
    en = "This installation sends no e-mail for now."
    retry_after_s = 3600


class EmailMissing(Conflict):
    """The account has no address, as one that came from another provider may."""

    code = "email_missing"
    ko = "계정에 이메일 주소가 없습니다."
    en = "The account has no e-mail address."


def find_confirmation(session: Session, account_id: UUID) -> EmailConfirmation | None:
    """Return what is known of the present address of a person; None where nobody asked yet."""
    found = session.get(EmailConfirmation, account_id)
    return found if found and found.email == get_account(session, account_id).email else None


def request_confirmation(
    session: Session, *, account_id: UUID, is_mail_on: bool, now: datetime
) -> EmailConfirmation:
    """Have a letter sent that confirms the address of an account; none to one that is confirmed.

    :param is_mail_on: whether the installation sends mail.
    :raises AccountNotFound: when there is no such person.
    :raises EmailMissing: when the account has no address.
    :raises MailIsOff: when no letter can be sent.
    """
    account = lock_account(session, account_id)
    if not account.email:
        raise EmailMissing
    if not is_mail_on:
        raise MailIsOff
    asked = session.get(EmailConfirmation, account_id)
    if asked is not None and asked.email == account.email:
        if asked.confirmed_at is not None or now < asked.requested_at + ASKED_ONCE_IN:
            return asked
        asked.requested_at = now
    elif asked is not None:
        asked.email, asked.requested_at, asked.confirmed_at = account.email, now, None
    else:
        asked = EmailConfirmation(account_id=account_id, email=account.email, requested_at=now)
        session.add(asked)
    session.flush()
    defer(session, CONFIRM_TASK, dedup_key=f"{CONFIRM_TASK}:{account_id}", account_id=account_id)
    _record(session, "email_confirmation.requested", account_id, now)
    return asked


def find_unconfirmed(session: Session, account_id: UUID) -> Account | None:
    """Return the account that waits for a letter to confirm its address, if it still does."""
    asked = session.get(EmailConfirmation, account_id)
    account = session.get(Account, account_id)
    waits = asked is not None and account is not None and asked.confirmed_at is None
    return account if waits and account and asked and asked.email == account.email else None


def confirm_email(session: Session, *, token: str, secret: str, now: datetime) -> None:
    """Confirm an address by the link that was sent to it; a second time changes nothing.

    :raises LinkUnknown: when the link is none of ours, or of a former address.
    :raises LinkExpired: when it is too old.
    """
    meant = read_confirmation(token, secret=secret, now=now)
    asked = session.get(EmailConfirmation, meant.account_id, with_for_update=True)
    account = session.get(Account, meant.account_id)
    if (
        asked is None
        or account is None
        or asked.email != account.email
        or hash_email(asked.email) != meant.email_sha256
    ):
        raise LinkUnknown
    if asked.confirmed_at is None:
        asked.confirmed_at = now
        session.flush()
        _record(session, "email_confirmation.given", meant.account_id, now)


def unsubscribe(session: Session, *, token: str, secret: str, now: datetime) -> None:
    """Stop the letters that a link is about; a second time changes nothing.

    :raises LinkUnknown: when the link is none of ours, or of somebody who is no more.
    """
    meant = read_unsubscription(token, secret=secret)
    if session.get(Account, meant.account_id) is None:
        raise LinkUnknown
    for group in sorted(meant.groups):
        stop_letters(session, account_id=meant.account_id, group=group, now=now)


def _record(session: Session, action: str, account_id: UUID, now: datetime) -> None:
    record(
        session,
        action=action,
        subject_type="account",
        subject_id=account_id,
        actor_id=account_id,
        now=now,
    )
