"""Owns how a placement falls vacant before its contract, and how vacancies are read."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, selectinload, undefer

from backend.db import new_id
from backend.errors import Conflict, NotFound
from backend.pagination import Page, paginate
from backend.rounds.contracts import is_contract_signed
from backend.rounds.interests import ensure_impartial
from backend.rounds.models import MatchingRun, Offer, Outcome, Vacancy
from backend.rounds.placements import get_standing_placement
from backend.rounds.queries import lock_round
from backend.rounds.succession import add_withdrawal
from backend.rounds.trail import record_change


class VacancyNotFound(NotFound):
    """The round has no such vacancy."""

    code = "vacancy_not_found"
    ko = "이 차수에 그런 빈자리가 없습니다."
    en = "The round has no such vacancy."


class PlacementContracted(Conflict):
    """The contract of the placement is signed."""

    code = "placement_contracted"
    ko = "이미 계약한 배정은 반납할 수 없습니다."
    en = "The contract of this placement is signed, so that it is not given up any more."


class VacancyPending(Conflict):
    """Who takes this placement depends on a vacancy that is not decided yet."""

    code = "vacancy_pending"
    ko = "이 차수의 다른 빈자리가 결정을 기다리고 있습니다. 결정이 난 뒤에 다시 반납해 주세요."
    en = "Another vacancy of the round waits for its decision. Give the placement up after it."


def withdraw_placement(
    session: Session,
    *,
    round_id: UUID,
    placement_id: UUID,
    reason: str,
    actor_id: UUID,
    now: datetime,
) -> Vacancy:
    """Give a placement up before its contract, and record who takes it by the rules of the plan.

    Nothing moves until a second person has approved it; everybody reads it from here on.

    :param reason: for everybody to read; names no person.
    :raises RoundNotFound: when there is no such round.
    :raises NotImpartial: when the caller has declared an interest in it.
    :raises PlacementNotFound: when it has no such placement.
    :raises RunSuperseded: when its plan does not stand any more.
    :raises PlacementEnded: when it was given up before.
    :raises PlacementContracted: when its contract is signed.
    :raises VacancyPending: when another vacancy of the round waits for its decision.
    """
    round_ = lock_round(session, round_id)
    ensure_impartial(session, round_id, actor_id)
    placement = get_standing_placement(session, round_id, placement_id)
    if is_contract_signed(session, placement_id):
        raise PlacementContracted
    if _find_pending(session, placement.run_id) is not None:
        raise VacancyPending
    continued = add_withdrawal(session, placement.run, placement.outcome)
    vacancy = Vacancy(
        id=new_id(),
        run_id=placement.run_id,
        outcome_id=placement.outcome_id,
        position=continued.position,
        reason=reason,
        steps=continued.steps,
        events_text=continued.events_text,
        record_text=continued.record_text,
        recorded_by=actor_id,
        recorded_at=now,
    )
    session.add(vacancy)
    session.flush()
    record_change(
        session,
        round_,
        "placement.withdrawn",
        actor_id=actor_id,
        now=now,
        placement_id=str(placement_id),
        institution_id=str(placement.institution_id),
        offer_id=str(placement.offer_id),
        vacancy_id=str(vacancy.id),
        reason=reason,
    )
    return vacancy


def get_vacancy(session: Session, round_id: UUID, vacancy_id: UUID) -> Vacancy:
    """Return a vacancy of a round.

    :raises VacancyNotFound: when the round has no such vacancy.
    """
    return _one(session, _vacancies_of(round_id).where(Vacancy.id == vacancy_id))


def lock_vacancy(session: Session, round_id: UUID, vacancy_id: UUID) -> Vacancy:
    """Return a vacancy of a round as it is now, locked until the transaction ends.

    :raises VacancyNotFound: when the round has no such vacancy.
    """
    statement = _vacancies_of(round_id).where(Vacancy.id == vacancy_id)
    return _one(session, statement.with_for_update(of=Vacancy))


def get_files(session: Session, round_id: UUID, vacancy_id: UUID) -> tuple[str, str]:
    """Return what the engine read for a vacancy, beside instance and plan, and what it wrote.

    :raises VacancyNotFound: when the round has no such vacancy.
    """
    statement = _vacancies_of(round_id).where(Vacancy.id == vacancy_id)
    files = undefer(Vacancy.events_text), undefer(Vacancy.record_text)
    vacancy = _one(session, statement.options(*files))
    return vacancy.events_text, vacancy.record_text


def list_vacancies(session: Session, *, round_id: UUID, limit: int, after: str | None) -> Page:
    """Return the vacancies of a round in the order they were recorded, of superseded plans too."""
    return paginate(session, _vacancies_of(round_id), Vacancy.id, limit=limit, after=after)


def _vacancies_of(round_id: UUID) -> Select[Vacancy]:
    return (
        select(Vacancy)
        .join(MatchingRun, MatchingRun.id == Vacancy.run_id)
        .where(MatchingRun.round_id == round_id)
        .options(
            joinedload(Vacancy.outcome, innerjoin=True).options(
                joinedload(Outcome.institution, innerjoin=True),
                selectinload(Outcome.offer).joinedload(Offer.product),
            )
        )
    )


def _one(session: Session, statement: Select[Vacancy]) -> Vacancy:
    vacancy = session.scalar(statement.execution_options(populate_existing=True))
    if vacancy is None:
        raise VacancyNotFound
    return vacancy


def _find_pending(session: Session, run_id: UUID) -> UUID | None:
    return session.scalar(
        select(Vacancy.id).where(Vacancy.run_id == run_id, Vacancy.decision.is_(None))
    )
