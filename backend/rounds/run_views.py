"""Runs over HTTP: officers ask for one, approve its plan, publish it, or have it superseded."""

from typing import Any
from uuid import UUID

from backend import clock
from backend.auth.guards import current_account_id, requires
from backend.auth.permissions import Permission
from backend.db import db, unit_of_work
from backend.openapi import URL_PREFIX, Blueprint
from backend.rounds import approval, publication, run_queries, runs, supersession
from backend.rounds import plan_schemas as schemas
from backend.rounds.views import visible_round
from backend.schemas import PageQuerySchema, page_of, with_next_link

blp = Blueprint("runs", __name__, url_prefix=URL_PREFIX, description="Matching runs")


@blp.get("/rounds/<uuid:round_id>/runs")
@requires(Permission.Round.READ_APPLICATIONS)
@blp.arguments(PageQuerySchema, location="query")
@blp.response(200, page_of(schemas.RunSchema))
def list_runs(query: dict[str, Any], round_id: UUID) -> Any:
    """List the matching runs of a round, superseded ones and rehearsals too."""
    visible_round(round_id)
    return with_next_link(run_queries.list_runs(db.session(), round_id=round_id, **query))


@blp.post("/rounds/<uuid:round_id>/runs")
@requires(Permission.Round.RUN)
@blp.arguments(schemas.RunCreateSchema)
@blp.response(202, schemas.RunSchema)
def request_run(payload: dict[str, Any], round_id: UUID) -> Any:
    """Queue a run of the frozen inputs: with the official seed, or a rehearsal with another."""
    with unit_of_work() as session:
        return runs.request_run(
            session,
            round_id=round_id,
            **payload,
            actor_id=current_account_id(),
            now=clock.now(),
        )


@blp.get("/rounds/<uuid:round_id>/runs/<uuid:run_id>")
@requires(Permission.Round.READ_APPLICATIONS)
@blp.response(200, schemas.RunSchema)
def show_run(round_id: UUID, run_id: UUID) -> Any:
    """Show how far a run is, and how its plan was verified."""
    return run_queries.get_run(db.session(), round_id, run_id)


@blp.post("/rounds/<uuid:round_id>/supersession")
@requires(Permission.Round.RUN)
@blp.arguments(schemas.SupersessionSchema)
@blp.response(202, schemas.RunSchema)
def supersede_plan(payload: dict[str, Any], round_id: UUID) -> Any:
    """Correct the inputs in public and queue a run of them with the same seed."""
    with unit_of_work() as session:
        return supersession.supersede_plan(
            session,
            round_id=round_id,
            **payload,
            actor_id=current_account_id(),
            now=clock.now(),
        )


@blp.post("/rounds/<uuid:round_id>/runs/<uuid:run_id>/approval")
@requires(Permission.Round.APPROVE)
@blp.response(200, schemas.RunSchema)
def approve_plan(round_id: UUID, run_id: UUID) -> Any:
    """Approve a plan that somebody else ran."""
    with unit_of_work() as session:
        return approval.approve_plan(
            session,
            round_id=round_id,
            run_id=run_id,
            actor_id=current_account_id(),
            now=clock.now(),
        )


@blp.post("/rounds/<uuid:round_id>/runs/<uuid:run_id>/publication")
@requires(Permission.Round.PUBLISH)
@blp.response(200, schemas.RunSchema)
def publish_plan(round_id: UUID, run_id: UUID) -> Any:
    """Publish an approved plan and tell everybody whom it concerns."""
    with unit_of_work() as session:
        return publication.publish_plan(
            session,
            round_id=round_id,
            run_id=run_id,
            actor_id=current_account_id(),
            now=clock.now(),
        )
