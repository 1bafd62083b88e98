"""Owns what officers declare about their own impartiality, and what they then keep out of."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.db import conflict_on, new_id
from backend.errors import Conflict, Invalid
from backend.organizations.models import Institution
from backend.pagination import Page, paginate
from backend.rounds import states
from backend.rounds.models import DeclaredInterest, Round
from backend.rounds.queries import all_offers, lock_round
from backend.rounds.trail import record_change


class InterestSubjectUnknown(Invalid):
    """An interest is in something that takes part in the round, or may."""

    code = "interest_subject_unknown"
    ko = "이 차수에 참여하는 공급기업, 제품, 기관이 아닙니다."
    en = "The round has no such supplier, product or institution."


class InterestDeclared(Conflict):
    """The person has declared this already."""

    code = "interest_declared_already"
    ko = "이미 신고한 이해관계입니다."
    en = "You have declared this interest already."


class NotImpartial(Conflict):
    """Whoever has declared an interest takes no decision about the round."""

    code = "interest_declared"
    ko = "이 차수에 이해관계를 신고한 사람은 매칭의 실행, 승인, 발표를 할 수 없습니다."
    en = "Whoever declared an interest in this round may not run, approve or publish its plan."


def declare_interest(
    session: Session,
    *,
    round_id: UUID,
    subject_type: str,
    subject_id: UUID,
    text: str,
    actor_id: UUID,
    now: datetime,
) -> DeclaredInterest:
    """Declare that one is not impartial about something of a round; a declaration stays.

    Source: 공직자의 이해충돌 방지법, article 5 (declaration and withdrawal of who is privately
    interested).

    :param subject_type: ``supplier`` or ``product`` of an offer, or an ``institution``.
    :param text: what the interest is, in one's own words.
    :raises RoundNotFound: when there is no such round.
    :raises RoundCancelled: when it was cancelled.
    :raises InterestSubjectUnknown: when nothing of the round, and no institution, has the id.
    :raises InterestDeclared: when the person has declared it already.
    """
    # The lock keeps a run, an approval or a publication from slipping past the declaration.
    round_ = lock_round(session, round_id)
    states.check_not_cancelled(round_)
    if not _takes_part(session, round_, subject_type, subject_id):
        raise InterestSubjectUnknown(field="json.subject_id")
    interest = DeclaredInterest(
        id=new_id(),
        round_id=round_id,
        account_id=actor_id,
        subject_type=subject_type,
        subject_id=subject_id,
        text=text,
        declared_at=now,
    )
    with conflict_on(session, uq_declared_interest_once=InterestDeclared()):
        session.add(interest)
    record_change(
        session,
        round_,
        "round.interest_declared",
        actor_id=actor_id,
        now=now,
        subject_type=subject_type,
        subject_id=str(subject_id),
    )
    return interest


def ensure_impartial(session: Session, round_id: UUID, account_id: UUID) -> None:
    """Refuse a decision about a round to whoever has declared an interest in it.

    The caller holds the round's lock, which a declaration waits for.

    :raises NotImpartial: when the person has declared an interest in the round.
    """
    declared = session.scalar(
        select(DeclaredInterest.id)
        .where(DeclaredInterest.round_id == round_id, DeclaredInterest.account_id == account_id)
        .limit(1)
    )
    if declared is not None:
        raise NotImpartial


def list_interests(session: Session, *, round_id: UUID, limit: int, after: str | None) -> Page:
    """Return what was declared about a round, the oldest first."""
    statement = select(DeclaredInterest).where(DeclaredInterest.round_id == round_id)
    return paginate(session, statement, DeclaredInterest.id, limit=limit, after=after)


def _takes_part(session: Session, round_: Round, subject_type: str, subject_id: UUID) -> bool:
    if subject_type == "institution":
        # Any may still apply, and whoever knows of a tie says so before it does.
        return session.get(Institution, subject_id) is not None
    products = [offer.product for offer in all_offers(session, round_.id)]
    if subject_type == "product":
        return subject_id in {product.id for product in products}
    return subject_id in {product.supplier_id for product in products}
