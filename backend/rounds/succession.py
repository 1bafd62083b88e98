"""Owns what happened to the placements of a plan, in its order, as the engine reads it."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from backend.errors import Conflict
from backend.rounds.models import MatchingRun, Outcome, Placement, PlacementContract, Vacancy
from geo.matching import (
    Event,
    EventRefused,
    Succession,
    load_json,
    parse_instance,
    parse_plan,
    succeed,
)
from geo.matching.jsonio import dump_canonical
from geo.matching.vacancies_reader import CONTRACT, FORMAT, WITHDRAWAL


class PlacementLeaving(Conflict):
    """A vacancy that waits for its decision would move the placement."""

    code = "placement_leaving"
    ko = "결정을 기다리는 빈자리 때문에 옮겨 갈 배정입니다. 그 결정이 난 뒤에 계약해 주세요."
    en = "A vacancy that waits for its decision would move this placement. Sign once it is decided."


@dataclass(frozen=True, slots=True)
class Continued:
    """What the placements of a plan come to by one more event.

    :param position: place of the event among what happened.
    """

    position: int
    steps: list[dict[str, object]]
    events_text: str
    record_text: str


def add_contract(session: Session, run: MatchingRun, outcome: Outcome) -> int:
    """Find the place of a contract among what happened.

    :raises PlacementLeaving: when a vacancy that waits would move the placement.
    """
    return _continue(session, run, _event(CONTRACT, outcome)).position


def add_withdrawal(session: Session, run: MatchingRun, outcome: Outcome) -> Continued:
    """Let the engine say who is next, from the stored texts of the plan and all that happened.

    :param run: its plan is published and stands; the caller holds the round.
    :raises PlacementLeaving: when a vacancy that waits would move the placement.
    """
    return _continue(session, run, _event(WITHDRAWAL, outcome))


def _continue(session: Session, run: MatchingRun, event: Event) -> Continued:
    happened = _list_happened(session, run.id)
    events = [*(one for _, one in happened), event]
    session.refresh(run, ["instance_text", "plan_text"])
    instance = parse_instance(load_json((run.instance_text or "").encode()))
    plan = parse_plan(load_json((run.plan_text or "").encode()))
    try:
        succession: Succession = succeed(instance, plan, events)
    except EventRefused as exc:
        raise PlacementLeaving from exc
    document = {"format": FORMAT, "events": [_to_json(one) for one in events]}
    return Continued(
        position=_next_position(session, run.id),
        steps=[step for step in succession.steps if step["event"] == len(happened)],
        events_text=dump_canonical(document).decode() + "\n",
        record_text=succession.dumps().decode(),
    )


def _list_happened(session: Session, run_id: UUID) -> list[tuple[int, Event]]:
    """Return contracts and withdrawals in the order they were recorded; dismissed ones are not."""
    contracts = session.execute(
        select(PlacementContract.position, Outcome)
        .join(Placement, Placement.id == PlacementContract.placement_id)
        .join(Outcome, Outcome.id == Placement.outcome_id)
        .where(Placement.run_id == run_id)
    )
    vacancies = session.scalars(
        select(Vacancy)
        .where(Vacancy.run_id == run_id, Vacancy.decision.is_distinct_from("dismissed"))
        .options(joinedload(Vacancy.outcome))
    )
    happened = [(position, _event(CONTRACT, outcome)) for position, outcome in contracts]
    happened += [(row.position, _event(WITHDRAWAL, row.outcome)) for row in vacancies]
    return sorted(happened, key=lambda one: one[0])


def _next_position(session: Session, run_id: UUID) -> int:
    # Dismissed vacancies keep their number, so that no two things ever have the same.
    last_vacancy = session.scalar(
        select(func.max(Vacancy.position)).where(Vacancy.run_id == run_id)
    )
    last_contract = session.scalar(
        select(func.max(PlacementContract.position))
        .join(Placement, Placement.id == PlacementContract.placement_id)
        .where(Placement.run_id == run_id)
    )
    return 1 + max(last_vacancy or 0, last_contract or 0)


def _event(kind: str, outcome: Outcome) -> Event:
    institution, product = str(outcome.institution_id), str(outcome.offer_id)
    if kind == CONTRACT:
        return Event(CONTRACT, institution, product)
    return Event(WITHDRAWAL, institution, product)


def _to_json(event: Event) -> dict[str, str]:
    return {"event": event.kind, "institution": event.institution, "product": event.product}
