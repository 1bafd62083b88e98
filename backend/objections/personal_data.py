"""Owns what objections keep of who objected: the copy, and its erasure."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from backend.objections.models import PlanObjection
from backend.objections.service import withdraw_objection
from backend.rows import Part

ERASED_REASON = "(탈퇴한 이웃의 글로, 지워졌습니다.)"
"""What stands in place of a proposer's words."""


def export_for(account_id: UUID) -> Sequence[Part]:
    """Return which rows are a person's own."""
    return (Part("plan_objections", PlanObjection, PlanObjection.objector_id == account_id),)


def erase_for(session: Session, account_id: UUID, *, now: datetime) -> None:
    """Take a proposer's open objections back, and delete what they wrote; decisions stay.

    What somebody wrote for an institution is the institution's.
    """
    own = (PlanObjection.objector_id == account_id, PlanObjection.proposal_id.is_not(None))
    pending = (PlanObjection.withdrawn_at.is_(None), PlanObjection.decided_at.is_(None))
    for objection_id in session.scalars(
        select(PlanObjection.id).where(*own, *pending).order_by(PlanObjection.id)
    ).all():
        withdraw_objection(session, objection_id=objection_id, actor_id=account_id, now=now)
    session.execute(update(PlanObjection).where(*own).values(reason=ERASED_REASON))
