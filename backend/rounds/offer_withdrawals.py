"""Owns the rules of a supplier's taking back what it offered, while nothing is decided yet."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.errors import Conflict
from backend.rounds import states
from backend.rounds.applicants import institutions_of_offer, tell_institutions
from backend.rounds.applications import OfferWithdrawn
from backend.rounds.models import MatchingRun, RoundNotice
from backend.rounds.notices import issue_notice
from backend.rounds.proposers import tell_withdrawn
from backend.rounds.queries import get_offer, lock_round
from backend.rounds.withdrawals import withdraw_for_offer


class PlanApproved(Conflict):
    """From the approval on, a seat that falls vacant is given to the next."""

    code = "plan_approved_already"
    ko = "매칭 결과가 승인되어 철회할 수 없습니다. 담당자에게 알려 주세요."
    en = "The plan is approved; an offer cannot be withdrawn. Please tell the officers."


def withdraw_offer(
    session: Session,
    *,
    round_id: UUID,
    offer_id: UUID,
    reason: str,
    actor_id: UUID | None,
    now: datetime,
) -> RoundNotice:
    """Take an offer of an announced round back, and tell everybody whom it concerns.

    While the window is open the applications for it fall out of their rankings, which may still be
    changed; afterwards they stay and are not eligible. A plan computed with it is superseded.

    :param reason: in the supplier's words; everybody may read it.
    :raises RoundNotFound: when there is no such round.
    :raises RoundNotAnnounced: when the round is a draft.
    :raises RoundCancelled: when the round was cancelled.
    :raises PlanApproved: when a plan was approved.
    :raises OfferNotFound: when the round has no such offer.
    :raises OfferWithdrawn: when it was taken back already.
    """
    round_ = lock_round(session, round_id)
    states.check_announced(round_)
    states.check_not_cancelled(round_)
    if round_.approved_at is not None:
        raise PlanApproved
    offer = get_offer(session, round_id, offer_id)
    session.refresh(offer)
    if offer.withdrawn_at is not None:
        raise OfferWithdrawn(reason=offer.withdrawal_reason)
    offer.withdrawn_at, offer.withdrawn_by = now, actor_id
    offer.withdrawal_reason = reason
    concerned = institutions_of_offer(session, offer_id)
    fell_out: set[UUID] = set()
    if round_.status == "open" and now < round_.closes_at:
        fell_out = withdraw_for_offer(session, offer_id, now)
    _supersede_run(session, round_id, now)
    params = {"product": offer.product.names, "reason": reason}
    shown = {**params, "closes_at": states.show_time(round_.closes_at)}
    tell_institutions(session, round_, fell_out, "offer_withdrawn_in_window", shown, now=now)
    tell_institutions(session, round_, concerned - fell_out, "offer_withdrawn", params, now=now)
    tell_withdrawn(session, round_, offer, reason, actor_id=actor_id, now=now)
    changes = {f"offers.{offer_id}.withdrawn_at": [None, now.isoformat()]}
    return issue_notice(
        session, round_, "offer_withdrawn", reason, changes, actor_id=actor_id, now=now
    )


def _supersede_run(session: Session, round_id: UUID, now: datetime) -> None:
    for run in session.scalars(
        select(MatchingRun).where(
            MatchingRun.round_id == round_id,
            MatchingRun.superseded_at.is_(None),
            ~MatchingRun.is_rehearsal,
        )
    ):
        run.superseded_at = now
