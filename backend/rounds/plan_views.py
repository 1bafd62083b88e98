"""Plans over HTTP: everybody reads what is published, with its inputs, outcomes and placements."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from werkzeug.wrappers import Response

from backend.auth.guards import requires
from backend.auth.permissions import Permission
from backend.db import db
from backend.openapi import URL_PREFIX, Blueprint
from backend.rounds import plan_schemas as schemas
from backend.rounds import results, run_queries
from backend.rounds.models import MatchingRun
from backend.rounds.plan_files import FILE, file_of
from backend.rounds.views import visible_round
from backend.schemas import PageQuerySchema, page_of, with_next_link

blp = Blueprint("plans", __name__, url_prefix=URL_PREFIX, description="Plans and placements")


@dataclass(frozen=True, slots=True)
class PlanOfRound:
    """What of a round is everybody's to read once its plan is published."""

    is_public: bool


def load_plan(round_id: UUID, **_: object) -> PlanOfRound:
    """Return whether the plan that a route is about is published.

    :raises RoundNotFound: when there is no such round that the caller may know of.
    """
    return PlanOfRound(visible_round(round_id).status == "published")


def load_run(round_id: UUID, run_id: UUID) -> MatchingRun:
    """Return the run that a route is about; a published plan is everybody's, superseded or not.

    :raises RoundNotFound: when there is no such round that the caller may know of.
    :raises RunNotFound: when the round has no such run.
    """
    visible_round(round_id)
    return run_queries.get_run(db.session(), round_id, run_id)


@blp.get("/rounds/<uuid:round_id>/plan")
@requires(Permission.Round.READ_PLAN, subject=load_plan, hidden=True)
@blp.response(200, FILE, content_type="application/json")
def show_plan(round_id: UUID) -> Response:
    """Give the plan file exactly as it was computed and verified."""
    run = run_queries.get_current_run(db.session(), round_id)
    return file_of(run_queries.get_texts(db.session(), round_id, run.id)[1])


@blp.get("/rounds/<uuid:round_id>/instance")
@requires(Permission.Round.READ_PLAN, subject=load_plan, hidden=True)
@blp.response(200, FILE, content_type="application/json")
def show_instance(round_id: UUID) -> Response:
    """Give the inputs of the plan exactly as they were matched; they name no person."""
    run = run_queries.get_current_run(db.session(), round_id)
    return file_of(run_queries.get_texts(db.session(), round_id, run.id)[0])


@blp.get("/rounds/<uuid:round_id>/plans")
@requires(Permission.Round.READ_PLAN, subject=load_plan, hidden=True)
@blp.arguments(PageQuerySchema, location="query")
@blp.response(200, page_of(schemas.PublishedPlanSchema))
def list_plans(query: dict[str, Any], round_id: UUID) -> Any:
    """List every plan that was published for a round, the newest first, each with its state."""
    return with_next_link(run_queries.list_plans(db.session(), round_id=round_id, **query))


@blp.get("/rounds/<uuid:round_id>/plans/<uuid:run_id>")
@requires(Permission.Round.READ_PLAN, subject=load_run, hidden=True)
@blp.response(200, FILE, content_type="application/json")
def show_plan_of_run(round_id: UUID, run_id: UUID) -> Response:
    """Give the plan file of one run, superseded or not; officers see rehearsals too."""
    return file_of(run_queries.get_texts(db.session(), round_id, run_id)[1])


@blp.get("/rounds/<uuid:round_id>/plans/<uuid:run_id>/instance")
@requires(Permission.Round.READ_PLAN, subject=load_run, hidden=True)
@blp.response(200, FILE, content_type="application/json")
def show_instance_of_run(round_id: UUID, run_id: UUID) -> Response:
    """Give the inputs of one run exactly as they were matched."""
    return file_of(run_queries.get_texts(db.session(), round_id, run_id)[0])


@blp.get("/rounds/<uuid:round_id>/plans/<uuid:run_id>/outcomes")
@requires(Permission.Round.READ_PLAN, subject=load_run, hidden=True)
@blp.arguments(schemas.OutcomeQuerySchema, location="query")
@blp.response(200, page_of(schemas.OutcomeSchema))
def list_outcomes_of_run(query: dict[str, Any], round_id: UUID, run_id: UUID) -> Any:
    """List what one plan made of every application, superseded or not."""
    page = results.list_outcomes(db.session(), round_id=round_id, run_id=run_id, **query)
    return with_next_link(page)


@blp.get("/rounds/<uuid:round_id>/outcomes")
@requires(Permission.Round.READ_PLAN, subject=load_plan, hidden=True)
@blp.arguments(schemas.OutcomeQuerySchema, location="query")
@blp.response(200, page_of(schemas.OutcomeSchema))
def list_outcomes(query: dict[str, Any], round_id: UUID) -> Any:
    """List what became of every application, with the reason in the reader's language."""
    page = results.list_outcomes(db.session(), round_id=round_id, **query)
    return with_next_link(page)


@blp.get("/rounds/<uuid:round_id>/placements")
@requires(Permission.Round.READ_PLAN, subject=load_plan, hidden=True)
@blp.arguments(PageQuerySchema, location="query")
@blp.response(200, page_of(schemas.PlacementSchema))
def list_placements(query: dict[str, Any], round_id: UUID) -> Any:
    """List where the products of a published round went; empty before its publication."""
    page = results.list_placements(db.session(), round_id=round_id, **query)
    return with_next_link(page)
