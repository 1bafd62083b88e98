"""Owns how objections are read."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from backend.errors import NotFound
from backend.objections.models import PlanObjection
from backend.pagination import Page, paginate
from backend.rounds.models import Offer, Outcome


class ObjectionNotFound(NotFound):
    """There is no such objection, or the caller may not know of it."""

    code = "plan_objection_not_found"
    ko = "이의신청을 찾을 수 없습니다."
    en = "There is no such objection."


def get_objection(session: Session, objection_id: UUID) -> PlanObjection:
    """Return an objection.

    :raises ObjectionNotFound: when there is none.
    """
    found = session.get(PlanObjection, objection_id)
    if found is None:
        raise ObjectionNotFound
    return found


def lock_objection(session: Session, objection_id: UUID) -> PlanObjection:
    """Return an objection as it is now, locked until the transaction ends.

    :raises ObjectionNotFound: when there is none.
    """
    found = session.get(PlanObjection, objection_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise ObjectionNotFound
    return found


def list_of_round(session: Session, *, round_id: UUID, limit: int, after: str | None) -> Page:
    """Return the objections to a round's plans that were not withdrawn, the oldest first."""
    statement = _with_products().where(
        PlanObjection.round_id == round_id, PlanObjection.withdrawn_at.is_(None)
    )
    return paginate(session, statement, PlanObjection.id, limit=limit, after=after)


def list_own(session: Session, *, objector_id: UUID, limit: int, after: str | None) -> Page:
    """Return what a person has objected to, the newest first."""
    statement = _with_products().where(PlanObjection.objector_id == objector_id)
    return paginate(session, statement, PlanObjection.id, limit=limit, after=after, descending=True)


def list_desk(
    session: Session, *, overdue: bool, now: datetime, limit: int, after: str | None
) -> Page:
    """Return the objections of all rounds that wait for a decision, the oldest first.

    :param overdue: only those whose term is over.
    """
    statement = _with_products().where(
        PlanObjection.withdrawn_at.is_(None), PlanObjection.decided_at.is_(None)
    )
    if overdue:
        statement = statement.where(PlanObjection.due_at <= now)
    return paginate(session, statement, PlanObjection.id, limit=limit, after=after)


def _with_products() -> Select[PlanObjection]:
    return select(PlanObjection).options(
        joinedload(PlanObjection.outcome).joinedload(Outcome.offer).joinedload(Offer.product)
    )
