"""Owns how guardians' consents are read."""

from datetime import datetime
from hashlib import sha256
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.accounts.guardians.models import GuardianConsent
from backend.errors import NotFound
from backend.pagination import Page, paginate


class GuardianLinkUnknown(NotFound):
    """No guardian was sent that link, or it was forgotten."""

    code = "guardian_link_unknown"
    ko = "동의 요청을 찾을 수 없습니다. 받은 링크를 확인하거나 다시 요청해 달라고 하세요."
    en = "There is no such request. Check the link, or have it sent again."


def get_by_token(session: Session, token: str, *, lock: bool = False) -> GuardianConsent:
    """Return the consent that a link asks for.

    :param lock: lock it until the transaction ends.
    :raises GuardianLinkUnknown: when there is none.
    """
    statement = select(GuardianConsent).where(GuardianConsent.token_sha256 == digest(token))
    found = session.scalar(statement.with_for_update() if lock else statement)
    if found is None:
        raise GuardianLinkUnknown
    return found


def find_answer(session: Session, account_id: UUID) -> GuardianConsent | None:
    """Return what a child's guardian said last."""
    return session.scalar(
        select(GuardianConsent)
        .where(GuardianConsent.account_id == account_id, GuardianConsent.decided_at.is_not(None))
        .order_by(GuardianConsent.decided_at.desc(), GuardianConsent.id.desc())
        .limit(1)
    )


def find_open(session: Session, account_id: UUID, now: datetime) -> GuardianConsent | None:
    """Return the question that a child's guardian can still answer."""
    return session.scalar(
        select(GuardianConsent).where(
            GuardianConsent.account_id == account_id,
            GuardianConsent.decided_at.is_(None),
            GuardianConsent.expires_at > now,
        )
    )


def count_asked_since(session: Session, account_id: UUID, since: datetime) -> int:
    """Return how often guardians of a child were asked."""
    return (
        session.scalar(
            select(func.count())
            .select_from(GuardianConsent)
            .where(GuardianConsent.account_id == account_id, GuardianConsent.asked_at > since)
        )
        or 0
    )


def list_asked(session: Session, *, account_id: UUID, limit: int, after: str | None) -> Page:
    """Return how a child's guardians were asked and what they said, the latest first."""
    statement = select(GuardianConsent).where(GuardianConsent.account_id == account_id)
    return paginate(
        session, statement, GuardianConsent.id, limit=limit, after=after, descending=True
    )


def digest(token: str) -> str:
    """Return what is kept of a token."""
    return sha256(token.encode()).hexdigest()
