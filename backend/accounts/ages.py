"""Owns from when on somebody is fourteen; of the birth date itself nothing is kept.

Personal Information Protection Act, article 22-2: under fourteen, the guardian consents.
"""

from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import update
from sqlalchemy.orm import Session

from backend.accounts.models import Account
from backend.accounts.queries import lock_account
from backend.audit.service import record
from backend.errors import Conflict, Invalid, PermissionDenied

SEOUL = ZoneInfo("Asia/Seoul")
AGE_OF_OWN_CONSENT = 14
OLDEST = 130
"""Years; more is a slip of the finger."""


class BirthDateImpossible(Invalid):
    """Nobody who lives was born on that day."""

    code = "birth_date_impossible"
    ko = "생년월일을 확인해 주세요."
    en = "Check the date of birth."


class AgeDeclaredOtherwise(Conflict):
    """Whoever has declared to be a child does not grow up by declaring something else."""

    code = "age_declared_otherwise"
    ko = "이미 다른 생년월일을 알려 주셨습니다. 잘못 입력했다면 운영자에게 문의해 주세요."
    en = "Another date of birth was declared before. If it was a mistake, ask the operator."


class AgeNotDeclared(PermissionDenied):
    """It is not known whether a guardian has to consent."""

    code = "age_not_declared"
    ko = "먼저 생년월일을 알려 주세요. 만 14세 미만인지만 확인하고 보관하지 않습니다."
    en = "Declare your date of birth first. It only tells whether you are under 14; it is not kept."


def declare_age(session: Session, *, account_id: UUID, born_on: date, now: datetime) -> Account:
    """Find out whether a person is under fourteen, and until when; the first declaration counts.

    :param born_on: forgotten as soon as this is answered.
    :raises AccountNotFound: when there is no such person.
    :raises BirthDateImpossible: when nobody can be born then.
    :raises AgeDeclaredOtherwise: when something else came of an earlier declaration.
    """
    today = seoul_date(now)
    if not today.replace(year=today.year - OLDEST, day=1) <= born_on <= today:
        raise BirthDateImpossible(field="json.born_on")
    account = lock_account(session, account_id)
    fourteen_on = birthday(born_on, AGE_OF_OWN_CONSENT)
    until = fourteen_on if fourteen_on > today else None
    if account.age_declared_at is not None:
        if guardian_needed_until(account, now) != until:
            raise AgeDeclaredOtherwise
        return account
    account.age_declared_at, account.guardian_needed_until = now, until
    record(
        session,
        action="account.age_declared",
        subject_type="account",
        subject_id=account_id,
        actor_id=account_id,
        now=now,
    )
    return account


def guardian_needed_until(account: Account, now: datetime) -> date | None:
    """Return the day on which a child turns fourteen, None for who has or was never asked."""
    until = account.guardian_needed_until
    return until if until is not None and until > seoul_date(now) else None


def forget_birthdays(session: Session, *, now: datetime) -> None:
    """Forget the day on which somebody turned fourteen, once it is there."""
    session.execute(
        update(Account)
        .where(Account.guardian_needed_until <= seoul_date(now))
        .values(guardian_needed_until=None)
    )


def birthday(born_on: date, age: int) -> date:
    """Return the day with which somebody is so many years old.

    The day of birth counts as the first; born on 29 February, one is a year older with 1 March
    where that day is missing (Civil Act, articles 158 and 160).
    """
    try:
        return born_on.replace(year=born_on.year + age)
    except ValueError:
        return date(born_on.year + age, 3, 1)


def seoul_date(now: datetime) -> date:
    """Return the day that it is in Korea.

    :param now: aware.
    """
    return now.astimezone(SEOUL).date()
