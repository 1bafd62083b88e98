"""Applications over HTTP: an institution ranks, changes and withdraws its wishes."""

from typing import Any
from uuid import UUID

from backend import clock
from backend.auth.guards import current_account_id, requires
from backend.auth.permissions import Permission
from backend.db import db, unit_of_work
from backend.openapi import URL_PREFIX, Blueprint
from backend.organizations.models import Institution
from backend.organizations.queries import get_institution
from backend.preconditions import needs_match
from backend.rounds import application_edits, applications, queries, withdrawals
from backend.rounds import application_schemas as schemas
from backend.rounds.views import visible_round
from backend.schemas import page_of, with_next_link

blp = Blueprint("applications", __name__, url_prefix=URL_PREFIX, description="Applications")

RANKING = "/rounds/<uuid:round_id>/institutions/<uuid:institution_id>/applications"


def load_applicant(institution_id: UUID, **_: object) -> Institution:
    """Return the institution whose wishes a route is about."""
    return get_institution(db.session(), institution_id)


@blp.get(RANKING)
@requires(Permission.Application.READ, subject=load_applicant)
@blp.response(200, schemas.RankedApplicationsSchema)
def show_ranking(round_id: UUID, institution_id: UUID) -> Any:
    """Show what an institution asks for in a round, its first choice first."""
    visible_round(round_id)
    ranking = queries.list_ranking(db.session(), round_id=round_id, institution_id=institution_id)
    return {"applications": ranking}


@blp.put(RANKING)
@needs_match
@requires(Permission.Application.EDIT, subject=load_applicant)
@blp.arguments(schemas.RankingSchema)
@blp.response(200, schemas.RankedApplicationsSchema)
def replace_ranking(payload: dict[str, Any], round_id: UUID, institution_id: UUID) -> Any:
    """Replace all that an institution asks for; what is left out is withdrawn."""
    with unit_of_work() as session:
        ranking = applications.replace_ranking(
            session,
            round_id=round_id,
            institution_id=institution_id,
            wishes=payload["applications"],
            actor_id=current_account_id(),
            now=clock.now(),
        )
        return {"applications": ranking}


@blp.delete(RANKING)
@needs_match
@requires(Permission.Application.EDIT, subject=load_applicant)
@blp.response(204)
def withdraw_ranking(round_id: UUID, institution_id: UUID) -> None:
    """Take back all that an institution asks for."""
    with unit_of_work() as session:
        withdrawals.withdraw_ranking(
            session,
            round_id=round_id,
            institution_id=institution_id,
            actor_id=current_account_id(),
            now=clock.now(),
        )


@blp.patch(f"{RANKING}/<uuid:application_id>")
@requires(Permission.Application.EDIT, subject=load_applicant)
@blp.arguments(schemas.ApplicationUpdateSchema)
@blp.response(200, schemas.ApplicationSchema)
def edit_application(
    payload: dict[str, Any], round_id: UUID, institution_id: UUID, application_id: UUID
) -> Any:
    """Change the reason, the site or the pledge of one application."""
    with unit_of_work() as session:
        return application_edits.edit_application(
            session,
            round_id=round_id,
            institution_id=institution_id,
            application_id=application_id,
            changes=payload,
            actor_id=current_account_id(),
            now=clock.now(),
        )


@blp.delete(f"{RANKING}/<uuid:application_id>")
@requires(Permission.Application.EDIT, subject=load_applicant)
@blp.response(204)
def withdraw_application(round_id: UUID, institution_id: UUID, application_id: UUID) -> None:
    """Take one application back; those below it move up."""
    with unit_of_work() as session:
        withdrawals.withdraw_application(
            session,
            round_id=round_id,
            institution_id=institution_id,
            application_id=application_id,
            actor_id=current_account_id(),
            now=clock.now(),
        )


@blp.get("/rounds/<uuid:round_id>/applications")
@requires(Permission.Round.READ_APPLICATIONS)
@blp.arguments(schemas.ApplicationQuerySchema, location="query")
@blp.response(200, page_of(schemas.ApplicationSchema))
def list_applications(query: dict[str, Any], round_id: UUID) -> Any:
    """List all applications of a round that stand."""
    visible_round(round_id)
    page = queries.list_applications(db.session(), round_id=round_id, **query)
    return with_next_link(page)
