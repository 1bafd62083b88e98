"""Plans over HTTP: running, approving and publishing one; then everybody reads it."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from flask import request
from werkzeug.wrappers import Response

from backend import clock
from backend.auth.guards import current_account_id, requires
from backend.auth.permissions import Permission
from backend.db import db, unit_of_work
from backend.openapi import URL_PREFIX, Blueprint
from backend.rounds import plan_schemas as schemas
from backend.rounds import publication, queries, results, runs
from backend.rounds.views import visible_round
from backend.schemas import PageQuerySchema, page_of, with_next_link

blp = Blueprint("plans", __name__, url_prefix=URL_PREFIX, description="Plans and placements")

FILE = {"type": "object", "description": "The file's bytes as they were computed and verified"}


@dataclass(frozen=True, slots=True)
class PlanOfRound:
    """What of a round is everybody's to read once its plan is published."""

    is_public: bool


def load_plan(round_id: UUID, **_: object) -> PlanOfRound:
    """Return whether the plan that a route is about is published.

    :raises RoundNotFound: when there is no such round that the caller may know of.
    """
    return PlanOfRound(visible_round(round_id).status == "published")


@blp.get("/rounds/<uuid:round_id>/runs")
@requires(Permission.Round.READ_APPLICATIONS)
@blp.arguments(PageQuerySchema, location="query")
@blp.response(200, page_of(schemas.RunSchema))
def list_runs(query: dict[str, Any], round_id: UUID) -> Any:
    """List the matching runs of a round, superseded ones too."""
    visible_round(round_id)
    return with_next_link(queries.list_runs(db.session(), round_id=round_id, **query))


@blp.post("/rounds/<uuid:round_id>/runs")
@requires(Permission.Round.RUN)
@blp.arguments(schemas.RunCreateSchema)
@blp.response(201, schemas.RunSchema)
def run_matching(payload: dict[str, Any], round_id: UUID) -> Any:
    """Run the matching of a closed round; a run before it is superseded."""
    with unit_of_work() as session:
        return runs.run_matching(
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
        return runs.approve_plan(
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


@blp.get("/rounds/<uuid:round_id>/plan")
@requires(Permission.Round.READ_PLAN, subject=load_plan, hidden=True)
@blp.response(200, FILE, content_type="application/json")
def show_plan(round_id: UUID) -> Response:
    """Give the plan file exactly as it was computed and verified."""
    run = queries.get_current_run(db.session(), round_id, with_texts=True)
    return _file(run.plan_text)


@blp.get("/rounds/<uuid:round_id>/instance")
@requires(Permission.Round.READ_PLAN, subject=load_plan, hidden=True)
@blp.response(200, FILE, content_type="application/json")
def show_instance(round_id: UUID) -> Response:
    """Give the inputs of the plan exactly as they were matched; they name no person."""
    run = queries.get_current_run(db.session(), round_id, with_texts=True)
    return _file(run.instance_text)


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


def _file(text: str) -> Response:
    body = text.encode()
    response = Response(body, mimetype="application/json")
    response.set_etag(sha256(body).hexdigest())
    return response.make_conditional(request)
