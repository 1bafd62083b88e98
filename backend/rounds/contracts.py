"""Owns which placements are bound by a contract; the domain that makes contracts says so here."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.errors import Conflict
from backend.rounds.models import MatchingRun, Placement, PlacementContract
from backend.rounds.plan_states import RunSuperseded
from backend.rounds.queries import lock_round
from backend.rounds.results import PlacementNotFound


class ContractsSigned(Conflict):
    """Something of the plan is bought already."""

    code = "contracts_signed"
    ko = "이미 계약한 배정이 있어 결과를 바꿀 수 없습니다. 다음 차수에서 반영해야 합니다."
    en = "Contracts were signed by this plan, which therefore stays. A later round has to make up."


def record_contract(session: Session, *, placement_id: UUID, now: datetime) -> PlacementContract:
    """Note that the contract of a placement was signed; a second time changes nothing.

    From the first one of a round on, its plan is not superseded any more.

    :raises PlacementNotFound: when there is no such placement.
    :raises RunSuperseded: when its plan does not stand any more.
    """
    placement = session.get(Placement, placement_id)
    if placement is None:
        raise PlacementNotFound
    # Whoever supersedes a plan holds the round; from here on nobody does until we are through.
    lock_round(session, placement.run.round_id)
    session.refresh(placement.run, ["superseded_at"])
    if placement.run.superseded_at is not None:
        raise RunSuperseded
    found = session.get(PlacementContract, placement_id)
    if found is None:
        found = PlacementContract(placement_id=placement_id, signed_at=now)
        session.add(found)
        session.flush()
    return found


def are_contracts_signed(session: Session, round_id: UUID) -> bool:
    """Tell whether anything is bought by the plan of a round that stands."""
    found = session.scalar(
        select(PlacementContract.placement_id)
        .join(Placement, Placement.id == PlacementContract.placement_id)
        .join(MatchingRun, MatchingRun.id == Placement.run_id)
        .where(MatchingRun.round_id == round_id, MatchingRun.superseded_at.is_(None))
        .limit(1)
    )
    return found is not None
