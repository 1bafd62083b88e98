"""Owns who hears of an objection, and how its steps are put on record without what was written."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from backend.audit.service import record
from backend.auth.identity import Role
from backend.notifications.service import notify
from backend.objections.models import PlanObjection
from backend.organizations.queries import find_procurement_service, list_staff_ids


def list_involved_ids(objection: PlanObjection) -> set[UUID | None]:
    """Return whoever cannot judge an objection: who made the plan, and who objects."""
    run = objection.run
    return {run.run_by, run.approved_by, run.published_by, objection.objector_id}


def tell_objector(
    session: Session, objection: PlanObjection, kind: str, now: datetime, **params: Any
) -> None:
    """Tell the objector how the objection goes on."""
    _tell(session, objection, objection.objector_id, kind, params=params, now=now)


def tell_judges(
    session: Session, objection: PlanObjection, kind: str, now: datetime, **params: Any
) -> None:
    """Tell every officer who had no part in the plan that an objection waits for one of them."""
    service = find_procurement_service(session)
    officers = list_staff_ids(session, service.id, Role.OFFICER) if service else []
    involved = list_involved_ids(objection)
    for account_id in officers:
        if account_id not in involved:
            _tell(session, objection, account_id, kind, params=params, now=now)


def record_step(
    session: Session,
    objection: PlanObjection,
    verb: str,
    *,
    actor_id: UUID,
    now: datetime,
    **data: str | None,
) -> None:
    """Append an audit event about an objection.

    :param verb: such as ``filed``.
    """
    record(
        session,
        action=f"plan_objection.{verb}",
        subject_type="plan_objection",
        subject_id=objection.id,
        actor_id=actor_id,
        now=now,
        data={"code": objection.round.code, "outcome_id": str(objection.outcome_id), **data},
    )


def _tell(
    session: Session,
    objection: PlanObjection,
    recipient_id: UUID,
    kind: str,
    *,
    params: dict[str, Any],
    now: datetime,
) -> None:
    notify(
        session,
        recipient_id=recipient_id,
        kind=kind,
        subject_type="plan_objection",
        subject_id=objection.id,
        params={
            "round": objection.round.titles,
            "product": objection.outcome.offer.product.names,
            **params,
        },
        now=now,
    )
