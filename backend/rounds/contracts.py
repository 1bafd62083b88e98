"""Owns which placements are bound by a contract, as officers record it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.catalogue.queries import designated_products
from backend.catalogue.validity import seoul_date
from backend.errors import Conflict
from backend.rounds.interests import ensure_impartial
from backend.rounds.models import MatchingRun, Offer, Placement, PlacementContract
from backend.rounds.placements import get_standing_placement
from backend.rounds.queries import lock_round
from backend.rounds.succession import add_contract
from backend.rounds.trail import record_change


class ContractsSigned(Conflict):
    """Something of the plan is bought already."""

    code = "contracts_signed"
    ko = "이미 계약한 배정이 있어 결과를 바꿀 수 없습니다. 다음 차수에서 반영해야 합니다."
    en = "Contracts were signed by this plan, which therefore stays. A later round has to make up."


class NotForContract(Conflict):
    """The product may not be bought by now."""

    code = "not_for_contract"
    ko = "지정 기간이 끝났거나 공급기업이 철회한 제품이어서 계약을 기록할 수 없습니다."
    en = "The product's designation has lapsed or its supplier withdrew it: no contract is noted."


def record_contract(
    session: Session, *, round_id: UUID, placement_id: UUID, actor_id: UUID, now: datetime
) -> PlacementContract:
    """Note that the contract of a placement was signed; a second time changes nothing.

    From the first one of a round on, its plan is not superseded any more, and no vacancy moves the
    placement.

    :raises RoundNotFound: when there is no such round.
    :raises NotImpartial: when the caller has declared an interest in it.
    :raises PlacementNotFound: when it has no such placement.
    :raises RunSuperseded: when its plan does not stand any more.
    :raises PlacementEnded: when the placement was given up.
    :raises NotForContract: when its product is not designated or not on offer any more.
    :raises PlacementLeaving: when a vacancy that waits for its decision would move it.
    """
    # Whoever supersedes a plan or passes a placement on holds the round; nobody does until we are
    # through.
    round_ = lock_round(session, round_id)
    ensure_impartial(session, round_id, actor_id)
    placement = get_standing_placement(session, round_id, placement_id)
    found = session.get(PlacementContract, placement_id)
    if found is not None:
        return found
    _check_offer(session, placement, now)
    made = PlacementContract(
        placement_id=placement_id,
        signed_at=now,
        recorded_by=actor_id,
        position=add_contract(session, placement.run, placement.outcome),
    )
    session.add(made)
    record_change(
        session,
        round_,
        "placement.contract_signed",
        actor_id=actor_id,
        now=now,
        placement_id=str(placement_id),
        institution_id=str(placement.institution_id),
        offer_id=str(placement.offer_id),
    )
    return made


def is_contract_signed(session: Session, placement_id: UUID) -> bool:
    """Tell whether a placement is bound by a contract."""
    return session.get(PlacementContract, placement_id) is not None


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


def _check_offer(session: Session, placement: Placement, now: datetime) -> None:
    offer = session.get_one(Offer, placement.offer_id, populate_existing=True)
    valid = designated_products(session, [offer.product_id], seoul_date(now))
    if offer.withdrawn_at is not None or offer.product_id not in valid:
        raise NotForContract
