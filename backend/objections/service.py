"""Owns the rules of objecting to an outcome, of taking that back, and of deciding about it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from backend.accounts.queries import get_account
from backend.audit.service import record
from backend.auth.identity import Role
from backend.catalogue.queries import answered_proposals
from backend.db import conflict_on, new_id
from backend.errors import Conflict, Invalid, InvalidTransition, PermissionDenied
from backend.notifications.service import notify
from backend.objections.models import PlanObjection
from backend.objections.queries import lock_objection
from backend.objections.terms import decision_due, last_moment
from backend.organizations.queries import list_staff_ids
from backend.proposals.queries import answering_facts
from backend.rounds.contracts import are_contracts_signed
from backend.rounds.models import MatchingRun, Outcome
from backend.rounds.plan_states import RunSuperseded
from backend.rounds.queries import lock_round
from backend.rounds.results import get_outcome
from backend.rounds.states import show_time

REMEDIES = {
    "superseding_plan": {
        "ko": "입력을 바로잡아 같은 추첨 번호로 다시 매칭하고 결과를 새로 발표합니다.",
        "en": "The inputs are corrected, matched again with the same seed, and published anew.",
    },
    "later_round": {
        "ko": "이미 계약이 이루어져 이번 결과는 그대로 두고 다음 차수에서 반영합니다.",
        "en": "Contracts were signed already: this plan stays and a later round makes up for it.",
    },
}


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


class UninvolvedPersonNeeded(Conflict):
    """Whoever made the plan does not judge objections to it."""

    code = "uninvolved_person_needed"
    ko = "매칭을 실행하거나 승인·발표한 사람과 이의를 신청한 사람은 결정할 수 없습니다."
    en = "Whoever ran, approved or published the plan, or objects to it, cannot decide."


class SummaryNamesSomebody(Invalid):
    """What everybody reads names the objector."""

    code = "summary_names_somebody"
    ko = "공개 요지에는 신청한 사람의 이름이나 연락처를 적을 수 없습니다."
    en = "The public summary cannot hold the objector's name or address."


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
    _tell(session, objection, "plan_objection_received", now, due_at=show_time(objection.due_at))
    _record(session, objection, "filed", actor_id, now, standing=objection.standing)
    return objection


def withdraw_objection(
    session: Session, *, objection_id: UUID, actor_id: UUID, now: datetime
) -> PlanObjection:
    """Take an objection back before it is decided.

    :raises ObjectionNotFound: when there is none.
    :raises InvalidTransition: when it was decided, or taken back before.
    """
    objection = lock_objection(session, objection_id)
    if objection.state != "pending":
        raise InvalidTransition(current=objection.state, target="withdrawn")
    objection.withdrawn_at = now
    _record(session, objection, "withdrawn", actor_id, now)
    return objection


def decide_objection(
    session: Session,
    *,
    objection_id: UUID,
    decision: str,
    reason: str,
    public_summary: str,
    actor_id: UUID,
    now: datetime,
) -> PlanObjection:
    """Dismiss or uphold an objection, as somebody who had no part in the plan.

    Upheld before any contract, a superseding plan makes up for it; afterwards, a later round.

    :param decision: ``dismissed`` or ``upheld``.
    :param reason: for the objector.
    :param public_summary: for everybody; names nobody.
    :raises ObjectionNotFound: when there is none.
    :raises InvalidTransition: when it was decided or taken back.
    :raises UninvolvedPersonNeeded: when the caller ran, approved or published the plan, or objects.
    :raises SummaryNamesSomebody: when the summary holds the objector's name or address.
    """
    objection = lock_objection(session, objection_id)
    if objection.state != "pending":
        raise InvalidTransition(current=objection.state, target=decision)
    run = objection.run
    if actor_id in (run.run_by, run.approved_by, run.published_by, objection.objector_id):
        raise UninvolvedPersonNeeded
    objector = get_account(session, objection.objector_id)
    if any(name in public_summary for name in (objector.display_name, objector.email)):
        raise SummaryNamesSomebody(field="json.public_summary")
    params: dict[str, object] = {"reason": reason}
    remedy = None
    if decision == "upheld":
        remedy = _remedy_of(session, objection)
        params["remedy"] = REMEDIES[remedy]
    objection.decision, objection.decided_by, objection.decided_at = decision, actor_id, now
    objection.decision_reason, objection.public_summary = reason, public_summary
    objection.remedy = remedy
    session.flush()
    _tell(session, objection, f"plan_objection_{decision}", now, **params)
    _record(session, objection, decision, actor_id, now, remedy=remedy)
    return objection


def _remedy_of(session: Session, objection: PlanObjection) -> str:
    # The round is held, so that no contract is signed between the question and the answer.
    lock_round(session, objection.round_id)
    is_late = are_contracts_signed(session, objection.round_id)
    return "later_round" if is_late else "superseding_plan"


def _find_own_proposal(session: Session, outcome: Outcome, actor_id: UUID) -> UUID:
    """Return the caller's proposal that the outcome's product answers, the first received."""
    product_id = outcome.offer.product_id
    answered = answered_proposals(session, [product_id]).get(product_id, [])
    facts = answering_facts(session, set(answered))
    for proposal_id in answered:
        if facts[proposal_id].author_id == actor_id:
            return proposal_id
    raise NotConcerned


def _tell(
    session: Session, objection: PlanObjection, kind: str, now: datetime, **params: object
) -> None:
    notify(
        session,
        recipient_id=objection.objector_id,
        kind=kind,
        subject_type="plan_objection",
        subject_id=objection.id,
        params={
            "round": objection.round.titles,
            "product": objection.outcome.offer.product.names,
            **params,
        },
        now=now,
    )


def _record(
    session: Session,
    objection: PlanObjection,
    verb: str,
    actor_id: UUID,
    now: datetime,
    **data: str | None,
) -> None:
    record(
        session,
        action=f"plan_objection.{verb}",
        subject_type="plan_objection",
        subject_id=objection.id,
        actor_id=actor_id,
        now=now,
        data={"code": objection.round.code, "outcome_id": str(objection.outcome_id), **data},
    )
