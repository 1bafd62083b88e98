"""Owns the decision about a vacancy: a second person lets its steps stand, or they never do."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from backend.errors import Conflict
from backend.rounds.interests import ensure_impartial
from backend.rounds.models import Offer, Outcome, Placement, Round, Vacancy
from backend.rounds.neighbours import tell_neighbours
from backend.rounds.placements import place
from backend.rounds.plan_states import RunSuperseded
from backend.rounds.queries import lock_round
from backend.rounds.trail import record_change
from backend.rounds.vacancies import get_files, lock_vacancy
from backend.rounds.vacancy_notices import Move, tell_moves

Key = tuple[str, str]
"""Ids of an institution and of an offer, as the engine has them."""


class VacancyDecided(Conflict):
    """The vacancy was approved or dismissed already."""

    code = "vacancy_decided"
    ko = "이미 결정한 빈자리입니다."
    en = "This vacancy was decided already."


class AnotherPersonNeeded(Conflict):
    """Whoever recorded the withdrawal cannot approve what it leads to."""

    code = "another_person_needed"
    ko = "반납을 기록한 사람은 승인할 수 없습니다. 다른 담당자가 승인해야 합니다."
    en = "Whoever recorded the withdrawal cannot approve its steps. Somebody else has to."


def approve_vacancy(
    session: Session, *, round_id: UUID, vacancy_id: UUID, actor_id: UUID, now: datetime
) -> Vacancy:
    """Let the steps of a vacancy stand: end what was left, place who is next, and tell them.

    :raises RoundNotFound: when there is no such round.
    :raises VacancyNotFound: when it has no such vacancy.
    :raises NotImpartial: when the caller has declared an interest in the round.
    :raises RunSuperseded: when its plan does not stand any more.
    :raises VacancyDecided: when it was decided before.
    :raises AnotherPersonNeeded: when the caller recorded the withdrawal.
    """
    round_, vacancy = _enter(session, round_id, vacancy_id, actor_id)
    if vacancy.recorded_by == actor_id:
        raise AnotherPersonNeeded
    vacancy.decision, vacancy.decided_by, vacancy.decided_at = "approved", actor_id, now
    # The database takes placements of an approved vacancy only.
    session.flush()
    moves, placed = _carry_out(session, vacancy, now)
    tell_neighbours(session, round_, placed, now)
    tell_moves(session, round_, vacancy, moves, actor_id=actor_id, now=now)
    _record(session, round_, vacancy, now)
    return vacancy


def dismiss_vacancy(
    session: Session,
    *,
    round_id: UUID,
    vacancy_id: UUID,
    reason: str,
    actor_id: UUID,
    now: datetime,
) -> Vacancy:
    """Let a vacancy come to nothing, as when it was recorded in error: the placement stays.

    :param reason: for everybody to read; names no person.
    :raises RoundNotFound: when there is no such round.
    :raises VacancyNotFound: when it has no such vacancy.
    :raises NotImpartial: when the caller has declared an interest in the round.
    :raises RunSuperseded: when its plan does not stand any more.
    :raises VacancyDecided: when it was decided before.
    """
    round_, vacancy = _enter(session, round_id, vacancy_id, actor_id)
    vacancy.decision, vacancy.decided_by, vacancy.decided_at = "dismissed", actor_id, now
    vacancy.decision_reason = reason
    session.flush()
    _record(session, round_, vacancy, now)
    return vacancy


def _enter(
    session: Session, round_id: UUID, vacancy_id: UUID, actor_id: UUID
) -> tuple[Round, Vacancy]:
    round_ = lock_round(session, round_id)
    vacancy = lock_vacancy(session, round_id, vacancy_id)
    ensure_impartial(session, round_id, actor_id)
    session.refresh(vacancy.run, ["superseded_at"])
    if vacancy.run.superseded_at is not None:
        raise RunSuperseded
    if vacancy.decision is not None:
        raise VacancyDecided
    return round_, vacancy


def _carry_out(
    session: Session, vacancy: Vacancy, now: datetime
) -> tuple[list[Move], list[Placement]]:
    outcomes = _load_outcomes(session, vacancy)
    standing = {
        (str(row.institution_id), str(row.offer_id)): row
        for row in session.scalars(
            select(Placement).where(
                Placement.run_id == vacancy.run_id, Placement.ended_at.is_(None)
            )
        )
    }
    moves = []
    for step in vacancy.steps:
        left = step["left_by"], step["product"]
        standing[left].ended_at = now
        taken_by = step["taken_by"]
        taker = outcomes[taken_by, step["product"]] if taken_by else None
        moves.append(Move(outcomes[left], taker, step["seat"]))
    session.flush()
    taken = [(move.taken, move.seat) for move in moves if move.taken is not None and move.seat]
    return moves, place(session, taken, now=now, vacancy_id=vacancy.id)


def _load_outcomes(session: Session, vacancy: Vacancy) -> Mapping[Key, Outcome]:
    rows: Sequence[Outcome] = session.scalars(
        select(Outcome)
        .where(
            Outcome.run_id == vacancy.run_id,
            Outcome.offer_id.in_({UUID(step["product"]) for step in vacancy.steps}),
        )
        .options(
            selectinload(Outcome.offer).joinedload(Offer.product),
            joinedload(Outcome.institution),
        )
    ).all()
    return {(str(row.institution_id), str(row.offer_id)): row for row in rows}


def _record(session: Session, round_: Round, vacancy: Vacancy, now: datetime) -> None:
    _, record_text = get_files(session, round_.id, vacancy.id)
    record_change(
        session,
        round_,
        f"vacancy.{vacancy.decision}",
        actor_id=vacancy.decided_by,
        now=now,
        vacancy_id=str(vacancy.id),
        record_sha256=sha256(record_text.encode()).hexdigest(),
        reason=vacancy.decision_reason,
    )
