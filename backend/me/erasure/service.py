"""Owns the erasure of a person across all domains, in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from backend.accounts import personal_data as accounts
from backend.accounts.ownership import check_is_owner
from backend.accounts.queries import get_account, lock_account
from backend.audit.service import record
from backend.catalogue.queries import list_answered_ids
from backend.idempotency.service import forget_of
from backend.me.erasure.terms import GOES, STAYS, Term
from backend.me.exports.service import erase_exports
from backend.me.sync.models import Change
from backend.notifications import personal_data as notifications
from backend.objections import personal_data as objections
from backend.organizations import personal_data as organizations
from backend.organizations.personal_data import list_roles_without_successor
from backend.proposals import personal_data as proposals
from backend.proposals.models import Proposal
from backend.regions.models import BoundaryCase
from backend.reviews import personal_data as reviews


@dataclass(frozen=True, slots=True)
class Obstacle:
    """A role that somebody else has to have first."""

    organization_id: UUID
    organization_ko: str
    role: str


@dataclass(frozen=True, slots=True)
class Prospect:
    """What an erasure would do, and what stands in its way."""

    goes: Sequence[Term]
    stays: Sequence[Term]
    obstacles: Sequence[Obstacle]


@dataclass(frozen=True, slots=True)
class Erasure:
    """That an account was erased, and what is left."""

    erased_at: datetime
    stays: Sequence[Term]


def describe_erasure(session: Session, account_id: UUID) -> Prospect:
    """Return what an erasure of an account would do."""
    return Prospect(
        GOES,
        STAYS,
        [
            Obstacle(organization.id, organization.name_ko, role.value)
            for organization, role in list_roles_without_successor(session, account_id)
        ],
    )


def erase_account(
    session: Session,
    *,
    account_id: UUID,
    sign_in_id: UUID | None,
    password: str | None,
    now: datetime,
) -> Erasure:
    """Erase a person; a second time changes nothing.

    :param sign_in_id: from which they ask.
    :param password: shows who asks; not needed shortly after a sign-in.
    :raises AccountNotFound: when there is no such person.
    :raises PasswordWrong: when the password is another.
    :raises FreshSignInNeeded: when nothing shows that it is they who ask.
    :raises LastOfRole: when an organization cannot do without them.
    """
    account = get_account(session, account_id)
    if account.erased_at is not None:
        return Erasure(account.erased_at, STAYS)
    check_is_owner(session, account, sign_in_id=sign_in_id, password=password, now=now)
    email = lock_account(session, account_id).email
    # What appends to the audit chains comes last: each is locked from then on.
    forget_of(session, account_id)
    notifications.erase_for(session, account_id)
    submitted = proposals.list_submitted_ids(session, account_id)
    answered = list_answered_ids(session, submitted)
    accounts.erase_for(session, account_id, now=now)
    erase_exports(session, account_id)
    reviews.erase_for(session, account_id)
    proposals.erase_for(session, account_id, answered=answered, now=now)
    objections.erase_for(session, account_id, now=now)
    organizations.erase_for(session, account_id, email=email, now=now)
    _forget_traces(session, account_id)
    record(
        session,
        action="account.erased",
        subject_type="account",
        subject_id=account_id,
        actor_id=account_id,
        now=now,
    )
    return Erasure(now, STAYS)


def _forget_traces(session: Session, account_id: UUID) -> None:
    """Delete what the erasing itself noted for the person's phones, and whose open cases are."""
    session.flush()
    session.execute(delete(Change).where(Change.account_id == account_id))
    theirs = BoundaryCase.account_id == account_id
    kept = select(Proposal.id).where(Proposal.author_id == account_id)
    session.execute(delete(BoundaryCase).where(theirs, BoundaryCase.subject_id.not_in(kept)))
    session.execute(update(BoundaryCase).where(theirs).values(account_id=None))
