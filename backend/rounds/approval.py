"""Owns the approval of a plan by a second person."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from backend.catalogue.queries import designated_products
from backend.catalogue.validity import seoul_date
from backend.errors import Conflict
from backend.rounds.interests import ensure_impartial
from backend.rounds.models import MatchingRun, Offer, Outcome
from backend.rounds.plan_states import advance
from backend.rounds.queries import lock_round
from backend.rounds.run_queries import lock_run
from backend.rounds.trail import record_change


class PlanNotVerified(Conflict):
    """The plan did not hold when it was checked against its inputs, or was not checked yet."""

    code = "plan_not_verified"
    ko = "검증을 통과하지 못한 매칭 결과는 승인할 수 없습니다."
    en = "A plan that did not pass its verification cannot be approved."


class SecondPersonNeeded(Conflict):
    """Whoever ran the matching cannot approve it."""

    code = "second_person_needed"
    ko = "매칭을 실행한 사람은 승인할 수 없습니다. 다른 담당자가 승인해야 합니다."
    en = "Whoever ran the matching cannot approve it. Somebody else has to."


class DesignationLapsed(Conflict):
    """A product that the plan places is not designated any more."""

    code = "designation_lapsed"
    ko = "지정 기간이 끝난 제품이 배정되어 있습니다. 입력을 정정해 매칭을 다시 실행해 주세요."
    en = "The plan places a product whose designation has lapsed. Correct the inputs and run again."


class PlacedOfferWithdrawn(Conflict):
    """A product that the plan places was taken back by its supplier."""

    code = "placed_offer_withdrawn"
    ko = "공급기업이 철회한 제품이 배정되어 있습니다. 입력을 정정해 매칭을 다시 실행해 주세요."
    en = "The plan places a product that its supplier withdrew. Correct the inputs and run again."


def approve_plan(
    session: Session, *, round_id: UUID, run_id: UUID, actor_id: UUID, now: datetime
) -> MatchingRun:
    """Approve the plan of a round, as somebody who did not run it.

    :raises RoundNotFound: when there is no such round.
    :raises RunNotFound: when it has no such run.
    :raises NotImpartial: when the caller has declared an interest in the round.
    :raises RunSuperseded: when a later run took its place.
    :raises RehearsalOnly: when it was not run with the official seed.
    :raises RoundTransition: when a plan was approved already, or none is computed yet.
    :raises PlanNotVerified: when the plan did not hold.
    :raises SecondPersonNeeded: when the caller ran the matching.
    :raises PlacedOfferWithdrawn: when a placed product was taken back by its supplier.
    :raises DesignationLapsed: when a placed product is not designated any more.
    """
    round_ = lock_round(session, round_id)
    run = lock_run(session, round_id, run_id)
    ensure_impartial(session, round_id, actor_id)
    advance(round_, run, "approved", now)
    if run.verified_at is None:
        raise PlanNotVerified
    if run.run_by == actor_id:
        raise SecondPersonNeeded
    _check_offers(session, run, now)
    run.approved_by, run.approved_at = actor_id, now
    record_change(
        session,
        round_,
        "round.approved",
        actor_id=actor_id,
        now=now,
        run_id=str(run.id),
        inputs_sha256=run.inputs_sha256,
    )
    return run


def _check_offers(session: Session, run: MatchingRun, now: datetime) -> None:
    offers = session.scalars(
        select(Offer)
        .where(Offer.id.in_(_placed_offer_ids(run)))
        .execution_options(populate_existing=True)
    ).all()
    if any(offer.withdrawn_at is not None for offer in offers):
        raise PlacedOfferWithdrawn
    placed = {offer.product_id for offer in offers}
    if placed - designated_products(session, placed, seoul_date(now)):
        raise DesignationLapsed


def _placed_offer_ids(run: MatchingRun) -> Select[UUID]:
    return select(Outcome.offer_id).where(Outcome.run_id == run.id, Outcome.seat.is_not(None))
