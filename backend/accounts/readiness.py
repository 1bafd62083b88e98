"""Owns what a person has to have done before they hand something in."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from backend.accounts.ages import AgeNotDeclared, guardian_needed_until
from backend.accounts.consents.service import ensure_required_consents
from backend.accounts.guardians.service import ensure_guardian_consent
from backend.accounts.queries import get_account


def ensure_may_submit(session: Session, account_id: UUID, now: datetime) -> None:
    """Refuse a person who may not hand anything in yet.

    :raises AccountNotFound: when there is no such person.
    :raises ConsentRequired: when something required is not agreed to, as it is in force.
    :raises AgeNotDeclared: when it is not known whether a guardian has to consent.
    :raises GuardianConsentRequired: when one has to, and has not.
    """
    ensure_required_consents(session, account_id, now)
    account = get_account(session, account_id)
    if account.age_declared_at is None:
        raise AgeNotDeclared
    if guardian_needed_until(account, now) is not None:
        ensure_guardian_consent(session, account_id, now)
