"""Owns the decision about an objection, by a person who had no part in the plan, and its remedy."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from backend.accounts.queries import get_account
from backend.errors import Conflict, Invalid
from backend.objections.models import PlanObjection
from backend.objections.queries import lock_objection
from backend.objections.states import check_pending
from backend.objections.trail import list_involved_ids, record_step, tell_objector
from backend.rounds.contracts import are_contracts_signed
from backend.rounds.interests import ensure_impartial
from backend.rounds.queries import lock_round

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
    :raises ObjectionTransition: when it was decided or taken back.
    :raises UninvolvedPersonNeeded: when the caller ran, approved or published the plan, or objects.
    :raises NotImpartial: when the caller has declared an interest in the round.
    :raises SummaryNamesSomebody: when the summary holds the objector's name or address.
    """
    objection = lock_objection(session, objection_id)
    check_pending(objection, decision)
    if actor_id in list_involved_ids(objection):
        raise UninvolvedPersonNeeded
    ensure_impartial(session, objection.round_id, actor_id)
    objector = get_account(session, objection.objector_id)
    names = filter(None, (objector.display_name, objector.email))
    if any(name in public_summary for name in names):
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
    tell_objector(session, objection, f"plan_objection_{decision}", now, **params)
    record_step(session, objection, decision, actor_id=actor_id, now=now, remedy=remedy)
    return objection


def _remedy_of(session: Session, objection: PlanObjection) -> str:
    # The round is held, so that no contract is signed between the question and the answer.
    lock_round(session, objection.round_id)
    is_late = are_contracts_signed(session, objection.round_id)
    return "later_round" if is_late else "superseding_plan"
