"""Objections over HTTP: filing one, taking it back, the desk, the decision, the public list."""

from typing import Any
from uuid import UUID

from backend import clock
from backend.auth.guards import current_account_id, requires
from backend.auth.permissions import Permission
from backend.db import db, unit_of_work
from backend.objections import decisions, queries, schemas, service
from backend.objections.models import PlanObjection
from backend.openapi import URL_PREFIX, Blueprint
from backend.rounds.plan_views import load_plan
from backend.rounds.views import visible_round
from backend.schemas import PageQuerySchema, page_of, with_next_link

blp = Blueprint("objections", __name__, url_prefix=URL_PREFIX, description="Objections to plans")


def load_objection(objection_id: UUID) -> PlanObjection:
    """Return the objection that a route is about.

    :raises ObjectionNotFound: when there is none.
    """
    return queries.get_objection(db.session(), objection_id)


@blp.get("/rounds/<uuid:round_id>/objections")
@requires(Permission.Round.READ_PLAN, subject=load_plan, hidden=True)
@blp.arguments(PageQuerySchema, location="query")
@blp.response(200, page_of(schemas.PublicObjectionSchema))
def list_objections(query: dict[str, Any], round_id: UUID) -> Any:
    """List the objections to a round's plans, what came of each, and nobody's name."""
    return with_next_link(queries.list_of_round(db.session(), round_id=round_id, **query))


@blp.post("/rounds/<uuid:round_id>/outcomes/<uuid:outcome_id>/objections")
@requires(Permission.PlanObjection.FILE)
@blp.arguments(schemas.ObjectionCreateSchema)
@blp.response(201, schemas.ObjectionSchema)
def file_objection(payload: dict[str, Any], round_id: UUID, outcome_id: UUID) -> Any:
    """Object to an outcome, as its institution or as the proposer of what the product answers."""
    visible_round(round_id)
    with unit_of_work() as session:
        return service.file_objection(
            session,
            round_id=round_id,
            outcome_id=outcome_id,
            **payload,
            actor_id=current_account_id(),
            now=clock.now(),
        )


@blp.get("/me/plan-objections")
@requires(Permission.PlanObjection.FILE)
@blp.arguments(PageQuerySchema, location="query")
@blp.response(200, page_of(schemas.ObjectionSchema))
def list_own(query: dict[str, Any]) -> Any:
    """List what the caller has objected to, the newest first."""
    page = queries.list_own(db.session(), objector_id=current_account_id(), **query)
    return with_next_link(page)


@blp.get("/plan-objections")
@requires(Permission.PlanObjection.READ_DESK)
@blp.arguments(schemas.DeskQuerySchema, location="query")
@blp.response(200, page_of(schemas.ObjectionSchema))
def list_desk(query: dict[str, Any]) -> Any:
    """List the objections that wait for a decision, the oldest first."""
    return with_next_link(queries.list_desk(db.session(), **query, now=clock.now()))


@blp.get("/plan-objections/<uuid:objection_id>")
@requires(Permission.PlanObjection.READ, subject=load_objection, hidden=True)
@blp.response(200, schemas.ObjectionSchema)
def show_objection(objection_id: UUID) -> Any:
    """Show an objection to its two sides."""
    return load_objection(objection_id)


@blp.post("/plan-objections/<uuid:objection_id>/withdrawal")
@requires(Permission.PlanObjection.WITHDRAW, subject=load_objection, hidden=True)
@blp.response(200, schemas.ObjectionSchema)
def withdraw_objection(objection_id: UUID) -> Any:
    """Take an objection back before it is decided."""
    with unit_of_work() as session:
        return service.withdraw_objection(
            session,
            objection_id=objection_id,
            actor_id=current_account_id(),
            now=clock.now(),
        )


@blp.put("/plan-objections/<uuid:objection_id>/decision")
@requires(Permission.PlanObjection.DECIDE)
@blp.arguments(schemas.ObjectionDecisionSchema)
@blp.response(200, schemas.ObjectionSchema)
def decide_objection(payload: dict[str, Any], objection_id: UUID) -> Any:
    """Dismiss or uphold an objection, as somebody who had no part in the plan."""
    with unit_of_work() as session:
        return decisions.decide_objection(
            session,
            objection_id=objection_id,
            **payload,
            actor_id=current_account_id(),
            now=clock.now(),
        )
