"""Owns the rules of running a round's matching and of approving its plan."""

from datetime import datetime
from hashlib import sha256
from uuid import UUID

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.catalogue.queries import designated_products
from backend.catalogue.validity import seoul_date
from backend.db import new_id
from backend.errors import Conflict
from backend.rounds import engine, states
from backend.rounds.facts import RoundFacts, gather
from backend.rounds.models import MatchingRun, Offer, Outcome
from backend.rounds.queries import lock_round, lock_run
from backend.rounds.trail import record_change

log = structlog.get_logger(__name__)


class RunSuperseded(Conflict):
    """A later run took this one's place."""

    code = "matching_run_superseded"
    ko = "이 매칭 실행은 이후 실행으로 대체되었습니다."
    en = "A later run has taken the place of this one."


class PlanNotVerified(Conflict):
    """The plan did not hold when it was checked against its inputs."""

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
    ko = "지정 기간이 끝난 제품이 배정되어 있습니다. 매칭을 다시 실행해 주세요."
    en = "The plan places a product whose designation has lapsed. Run the matching again."


def run_matching(
    session: Session, *, round_id: UUID, seed: str, actor_id: UUID, now: datetime
) -> MatchingRun:
    """Compute the plan of a closed round and keep it with its exact inputs.

    What the database has stored is read back and verified; a plan that does not hold is kept
    with its violations and can never be approved. A run before it is superseded.

    :param seed: text that decides the lots.
    :raises RoundNotFound: when there is no such round.
    :raises RoundTransition: when it is not closed, or a plan was approved.
    :raises InstanceNotAccepted: when the engine refuses the round.
    """
    round_ = lock_round(session, round_id)
    states.move(round_, "matched", now)
    facts = gather(session, round_, on=seoul_date(now))
    computed = engine.compute(engine.build_instance(facts, seed=seed))
    for before in session.scalars(
        select(MatchingRun).where(
            MatchingRun.round_id == round_id, MatchingRun.superseded_at.is_(None)
        )
    ):
        before.superseded_at = now
    session.flush()
    run = MatchingRun(
        id=new_id(),
        round_id=round_id,
        seed=seed,
        engine=computed.plan.engine,
        inputs_sha256=computed.inputs_sha256,
        instance_text=computed.instance_text,
        plan_text=computed.plan_text,
        run_by=actor_id,
        run_at=now,
        violations=[],
    )
    session.add(run)
    session.flush()
    _verify(session, run, now)
    _keep_outcomes(session, run, facts, computed)
    record_change(
        session,
        round_,
        "round.matched",
        actor_id=actor_id,
        now=now,
        run_id=str(run.id),
        seed=seed,
        inputs_sha256=run.inputs_sha256,
        plan_sha256=sha256(computed.plan_text.encode()).hexdigest(),
        verified=run.verified_at is not None,
    )
    return run


def approve_plan(
    session: Session, *, round_id: UUID, run_id: UUID, actor_id: UUID, now: datetime
) -> MatchingRun:
    """Approve the plan of a round, as somebody who did not run it.

    :raises RoundNotFound: when there is no such round.
    :raises RunNotFound: when it has no such run.
    :raises RoundTransition: when a plan was approved already.
    :raises RunSuperseded: when a later run took its place.
    :raises PlanNotVerified: when the plan did not hold.
    :raises SecondPersonNeeded: when the caller ran the matching.
    :raises DesignationLapsed: when a placed product is not designated any more.
    """
    round_ = lock_round(session, round_id)
    run = lock_run(session, round_id, run_id)
    if run.superseded_at is not None:
        raise RunSuperseded
    states.move(round_, "approved", now)
    if run.verified_at is None:
        raise PlanNotVerified
    if run.run_by == actor_id:
        raise SecondPersonNeeded
    _check_designations(session, run, now)
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


def _verify(session: Session, run: MatchingRun, now: datetime) -> None:
    session.refresh(run, ["instance_text", "plan_text"])
    found = engine.check(run.instance_text, run.plan_text)
    if found:
        run.violations = [str(violation) for violation in found]
        log.error("plan_not_verified", run_id=str(run.id), violations=run.violations)
    else:
        run.verified_at = now
    session.flush()


def _keep_outcomes(
    session: Session, run: MatchingRun, facts: RoundFacts, computed: engine.Computed
) -> None:
    requests = {
        (str(request.institution.organization_id), str(request.offer.id)): request
        for request in facts.requests
    }
    for outcome in computed.plan.outcomes:
        request = requests[outcome.institution, outcome.product]
        session.add(
            Outcome(
                id=new_id(),
                run_id=run.id,
                offer_id=request.offer.id,
                institution_id=request.institution.organization_id,
                application_id=request.application.id if request.application else None,
                reason=outcome.reason,
                seat=outcome.seat,
                residence_tier=engine.tier_of(facts, request),
                detail=dict(outcome.detail),
            )
        )
    session.flush()


def _check_designations(session: Session, run: MatchingRun, now: datetime) -> None:
    placed = set(
        session.scalars(
            select(Offer.product_id)
            .join(Outcome, Outcome.offer_id == Offer.id)
            .where(Outcome.run_id == run.id, Outcome.seat.is_not(None))
        )
    )
    if placed - designated_products(session, placed, seoul_date(now)):
        raise DesignationLapsed
