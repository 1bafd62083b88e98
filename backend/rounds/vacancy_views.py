"""Contracts and vacancies over HTTP: officers record and decide, everybody reads what moved."""

from typing import Any
from uuid import UUID

from werkzeug.wrappers import Response

from backend import clock
from backend.auth.guards import current_account_id, requires
from backend.auth.permissions import Permission
from backend.db import db, unit_of_work
from backend.openapi import URL_PREFIX, Blueprint
from backend.organizations.models import Institution
from backend.rounds import contracts, vacancies, vacancy_decisions
from backend.rounds import vacancy_schemas as schemas
from backend.rounds.notice_schemas import ReasonSchema
from backend.rounds.placements import get_placement
from backend.rounds.plan_files import FILE, file_of
from backend.rounds.plan_views import load_plan
from backend.rounds.views import visible_round
from backend.schemas import PageQuerySchema, page_of, with_next_link

blp = Blueprint(
    "vacancies", __name__, url_prefix=URL_PREFIX, description="Contracts and vacant placements"
)


def load_holder(round_id: UUID, placement_id: UUID) -> Institution:
    """Return the institution whose placement a route is about.

    :raises RoundNotFound: when there is no such round that the caller may know of.
    :raises PlacementNotFound: when it has no such placement.
    """
    visible_round(round_id)
    return get_placement(db.session(), round_id, placement_id).institution


@blp.post("/rounds/<uuid:round_id>/placements/<uuid:placement_id>/contract")
@requires(Permission.Placement.RECORD_CONTRACT)
@blp.response(200, schemas.ContractSchema)
def record_contract(round_id: UUID, placement_id: UUID) -> Any:
    """Record that the contract of a placement was signed; nothing moves it from then on."""
    with unit_of_work() as session:
        return contracts.record_contract(
            session,
            round_id=round_id,
            placement_id=placement_id,
            actor_id=current_account_id(),
            now=clock.now(),
        )


@blp.post("/rounds/<uuid:round_id>/placements/<uuid:placement_id>/withdrawal")
@requires(Permission.Placement.WITHDRAW, subject=load_holder)
@blp.arguments(ReasonSchema)
@blp.response(201, schemas.VacancySchema)
def withdraw_placement(payload: dict[str, Any], round_id: UUID, placement_id: UUID) -> Any:
    """Give a placement up before its contract; who is next waits for a second person."""
    with unit_of_work() as session:
        return vacancies.withdraw_placement(
            session,
            round_id=round_id,
            placement_id=placement_id,
            **payload,
            actor_id=current_account_id(),
            now=clock.now(),
        )


@blp.get("/rounds/<uuid:round_id>/vacancies")
@requires(Permission.Round.READ_PLAN, subject=load_plan, hidden=True)
@blp.arguments(PageQuerySchema, location="query")
@blp.response(200, page_of(schemas.VacancySchema))
def list_vacancies(query: dict[str, Any], round_id: UUID) -> Any:
    """List the placements of a round that were given up, and who takes them, the oldest first."""
    page = vacancies.list_vacancies(db.session(), round_id=round_id, **query)
    return with_next_link(page)


@blp.get("/rounds/<uuid:round_id>/vacancies/<uuid:vacancy_id>")
@requires(Permission.Round.READ_PLAN, subject=load_plan, hidden=True)
@blp.response(200, schemas.VacancySchema)
def show_vacancy(round_id: UUID, vacancy_id: UUID) -> Any:
    """Show a placement that was given up, and who takes it."""
    return vacancies.get_vacancy(db.session(), round_id, vacancy_id)


@blp.get("/rounds/<uuid:round_id>/vacancies/<uuid:vacancy_id>/events")
@requires(Permission.Round.READ_PLAN, subject=load_plan, hidden=True)
@blp.response(200, FILE, content_type="application/json")
def show_events(round_id: UUID, vacancy_id: UUID) -> Response:
    """Give the contracts and withdrawals up to a vacancy, as `geo.matching next` reads them."""
    return file_of(vacancies.get_files(db.session(), round_id, vacancy_id)[0])


@blp.get("/rounds/<uuid:round_id>/vacancies/<uuid:vacancy_id>/record")
@requires(Permission.Round.READ_PLAN, subject=load_plan, hidden=True)
@blp.response(200, FILE, content_type="application/json")
def show_record(round_id: UUID, vacancy_id: UUID) -> Response:
    """Give the record of all steps up to a vacancy, as `geo.matching next` writes it."""
    return file_of(vacancies.get_files(db.session(), round_id, vacancy_id)[1])


@blp.post("/rounds/<uuid:round_id>/vacancies/<uuid:vacancy_id>/approval")
@requires(Permission.Placement.DECIDE_VACANCY)
@blp.response(200, schemas.VacancySchema)
def approve_vacancy(round_id: UUID, vacancy_id: UUID) -> Any:
    """Let the steps of a withdrawal that somebody else recorded stand, and tell whom they touch."""
    with unit_of_work() as session:
        return vacancy_decisions.approve_vacancy(
            session,
            round_id=round_id,
            vacancy_id=vacancy_id,
            actor_id=current_account_id(),
            now=clock.now(),
        )


@blp.post("/rounds/<uuid:round_id>/vacancies/<uuid:vacancy_id>/dismissal")
@requires(Permission.Placement.DECIDE_VACANCY)
@blp.arguments(ReasonSchema)
@blp.response(200, schemas.VacancySchema)
def dismiss_vacancy(payload: dict[str, Any], round_id: UUID, vacancy_id: UUID) -> Any:
    """Let a withdrawal come to nothing: the placement stays where it is."""
    with unit_of_work() as session:
        return vacancy_decisions.dismiss_vacancy(
            session,
            round_id=round_id,
            vacancy_id=vacancy_id,
            **payload,
            actor_id=current_account_id(),
            now=clock.now(),
        )
