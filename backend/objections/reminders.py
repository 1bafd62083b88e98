"""Owns the reminding of those who may decide, as the term of an objection comes to its end."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.objections.models import PlanObjection
from backend.objections.trail import tell_judges
from backend.rounds.states import show_time

AHEAD = timedelta(days=3)
"""How long before the end of its term an objection is first reminded of."""


def remind_judges(session: Session, *, now: datetime) -> int:
    """Remind every uninvolved officer of what is due soon or overdue; return how many there are."""
    waiting = session.scalars(
        select(PlanObjection)
        .where(
            PlanObjection.withdrawn_at.is_(None),
            PlanObjection.decided_at.is_(None),
            PlanObjection.due_at <= now + AHEAD,
        )
        .order_by(PlanObjection.due_at, PlanObjection.id)
    ).all()
    for objection in waiting:
        kind = "plan_objection_due" if now < objection.due_at else "plan_objection_overdue"
        tell_judges(session, objection, kind, now, due_at=show_time(objection.due_at))
    return len(waiting)
