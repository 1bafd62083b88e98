"""Owns the rules of objecting to an outcome, and of taking that back."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from backend.auth.identity import Role
from backend.catalogue.queries import answered_proposals
from backend.db import conflict_on, new_id
from backend.errors import Conflict, PermissionDenied
from backend.objections.models import PlanObjection
from backend.objections.queries import lock_objection
from backend.objections.states import check_pending
from backend.objections.terms import decision_due, last_moment
from backend.objections.trail import record_step, tell_judges, tell_objector
from backend.organizations.queries import list_staff_ids
from backend.proposals.merges.queries import proposer_ids
from backend.rounds.models import MatchingRun, Outcome
from backend.rounds.plan_states import RunSuperseded
from backend.rounds.queries import lock_round
from backend.rounds.results import get_outcome
from backend.rounds.states import show_time


class PlanNotPublished(Conflict):
    """There is nothing to object to yet."""

    code = "plan_not_published"
    ko = "발표된 결과에만 이의를 신청할 수 있습니다."
    en = "Objections are taken once a plan is published."


class NotConcerned(PermissionDenied):
    """The outcome is somebody else's affair."""

    code = "not_concerned"
    ko = "이 결과의 신청 기관이나 해결 제품의 제안자만 이의를 신청할 수 있습니다."
    en = "Only the institution, or the proposer whose idea the product answers, may object."


class ObjectionTermOver(Conflict):
    """The term to object is over."""

    code = "objection_term_over"
    ko = "이의신청 기간이 지났습니다. 기한: {until}"
    en = "The term for objections is over. It ended on {until} (Korean time)."


class ObjectionTwice(Conflict):
    """The same person has objected to the same outcome."""

    code = "objection_twice"
    ko = "이 결과에 이미 이의를 신청하셨습니다."
    en = "You have objected to this outcome already."


def file_objection(
    session: Session,
    *,
    round_id: UUID,
    outcome_id: UUID,
    reason: str,
    actor_id: UUID,
    now: datetime,
) -> PlanObjection:
    """Object to an outcome of the published plan that stands.

    :raises OutcomeNotFound: when the round has no such outcome.
    :raises PlanNotPublished: when the plan is the officers' own still.
    :raises RunSuperseded: when another plan has taken its place.
    :raises NotConcerned: when the outcome is somebody else's affair.
    :raises ObjectionTermOver: when the term is over.
    :raises ObjectionTwice: when the caller has objected to it already.
    """
    round_ = lock_round(session, round_id, shared=True)
    outcome = get_outcome(session, round_id, outcome_id)
    run = session.get_one(MatchingRun, outcome.run_id, populate_existing=True)
    if run.published_at is None:
        raise PlanNotPublished
    if run.superseded_at is not None:
        raise RunSuperseded
    proposal_id = None
    if actor_id not in list_staff_ids(session, outcome.institution_id, Role.APPLICANT):
        proposal_id = _find_own_proposal(session, outcome, actor_id)
    until = last_moment(round_, run.published_at)
    if now >= until:
        raise ObjectionTermOver(until=show_time(until))
    objection = PlanObjection(
        id=new_id(),
        round_id=round_id,
        run_id=run.id,
        outcome_id=outcome_id,
        objector_id=actor_id,
        institution_id=None if proposal_id else outcome.institution_id,
        proposal_id=proposal_id,
        reason=reason,
        filed_at=now,
        due_at=decision_due(round_, now),
    )
    with conflict_on(session, uq_plan_objection_of_objector=ObjectionTwice()):
        session.add(objection)
    due_at = show_time(objection.due_at)
    tell_objector(session, objection, "plan_objection_received", now, due_at=due_at)
    tell_judges(session, objection, "plan_objection_filed", now, due_at=due_at)
    standing = objection.standing
    record_step(session, objection, "filed", actor_id=actor_id, now=now, standing=standing)
    return objection


def withdraw_objection(
    session: Session, *, objection_id: UUID, actor_id: UUID, now: datetime
) -> PlanObjection:
    """Take an objection back before it is decided.

    :raises ObjectionNotFound: when there is none.
    :raises ObjectionTransition: when it was decided, or taken back before.
    """
    objection = lock_objection(session, objection_id)
    check_pending(objection, "withdrawn")
    objection.withdrawn_at = now
    record_step(session, objection, "withdrawn", actor_id=actor_id, now=now)
    return objection


def _find_own_proposal(session: Session, outcome: Outcome, actor_id: UUID) -> UUID:
    """Return the first received proposal of the caller's that the outcome's product answers.

    Whose proposal was merged into it has proposed it too.
    """
    product_id = outcome.offer.product_id
    answered = answered_proposals(session, [product_id]).get(product_id, [])
    proposers = proposer_ids(session, answered)
    for proposal_id in answered:
        if actor_id in proposers[proposal_id]:
            return proposal_id
    raise NotConcerned
