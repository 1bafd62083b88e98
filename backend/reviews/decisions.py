"""Owns the decision of a local government about a proposal, and who is told."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from backend.audit.service import record
from backend.db import new_id
from backend.errors import Conflict, Invalid, PermissionDenied
from backend.notifications.service import notify_many
from backend.organizations.models import Organization
from backend.organizations.queries import (
    find_local_government_organization,
    get_local_government_organization,
)
from backend.proposals.follows.queries import list_follower_ids
from backend.proposals.merges.queries import proposer_ids
from backend.proposals.models import Proposal
from backend.proposals.queries import list_endorser_ids, lock_proposal
from backend.proposals.service import (
    append_event,
    mark_adopted,
    mark_rejected,
    mark_supplement_requested,
    transfer_to,
)
from backend.reviews.models import Decision, Review
from backend.reviews.naming import in_both_languages, named
from backend.reviews.neighbours import tell_neighbours
from backend.reviews.queries import find_latest_review, find_unclosed_review, list_decisions
from backend.reviews.states import STATE_AFTER, move
from backend.reviews.submission import open_review


class ReviewClosed(Conflict):
    """Somebody decided before, or the author took the proposal back."""

    code = "review_closed"
    ko = "이미 끝난 심사입니다. 화면을 새로 고쳐 결과를 확인해 주세요."
    en = "This review has ended already. Reload to see its outcome."


class OwnProposalNotDecidable(PermissionDenied):
    """Nobody decides about one's own proposal."""

    code = "own_proposal_not_decidable"
    ko = "자기 제안은 심사할 수 없습니다. 다른 담당자가 처리해야 합니다."
    en = "You cannot decide about your own proposal. A colleague has to."


class TransferTargetUnknown(Invalid):
    """A proposal can only go on to a local government that takes part."""

    code = "transfer_target_unknown"
    ko = "보낼 지방자치단체를 찾을 수 없습니다."
    en = "There is no local government with this code to transfer to."


class TransferToSelf(Invalid):
    """A transfer goes to another body."""

    code = "transfer_to_self"
    ko = "다른 지방자치단체를 골라 주세요."
    en = "Choose another local government."


NOTICES: Mapping[str, str] = {
    "adopted": "proposal_adopted",
    "rejected": "proposal_rejected",
    "transferred": "proposal_transferred",
    "supplement_requested": "supplement_requested",
}
"""What the authors are told, by outcome."""

FOLLOWED: Mapping[str, str] = {
    "adopted": "followed_proposal_adopted",
    "rejected": "followed_proposal_rejected",
}
"""What those are told who follow it, by outcome; who backs it hears of an adoption as such."""


def decide(
    session: Session,
    *,
    proposal_id: UUID,
    local_government_code: str,
    actor_id: UUID,
    outcome: str,
    reason: str,
    now: datetime,
    transfer_to: str | None = None,
) -> Decision:
    """Decide about a proposal for a local government, with a reason.

    The same decision by the same person again changes nothing, so that it can be repeated.

    :param local_government_code: for which body the caller may decide.
    :param outcome: ``adopted``, ``rejected``, ``transferred`` or ``supplement_requested``.
    :param transfer_to: code of the body that the proposal goes to; with ``transferred`` only.
    :raises ProposalNotFound: when there is none.
    :raises OwnProposalNotDecidable: when the caller wrote it.
    :raises ReviewClosed: when no review is under way at that local government any more.
    :raises ReviewTransition: when the outcome cannot follow.
    :raises TransferTargetUnknown, TransferToSelf: for a bad target.
    """
    # Everything that happens to a proposal queues at its row: two deciders, a withdrawal.
    proposal = lock_proposal(session, proposal_id)
    if proposal.is_written_by(actor_id):
        raise OwnProposalNotDecidable
    facts = {"outcome": outcome, "reason": reason, "transfer_to": transfer_to}
    repeated = _find_repeated(session, proposal_id, local_government_code, actor_id, facts)
    if repeated is not None:
        return repeated
    review = find_unclosed_review(session, proposal_id)
    if review is None or review.local_government_code != local_government_code:
        raise ReviewClosed
    government = get_local_government_organization(session, local_government_code)
    target = _find_target(session, local_government_code, transfer_to)
    move(review, STATE_AFTER[outcome], now)
    decision = Decision(
        id=new_id(), review_id=review.id, decided_by=actor_id, decided_at=now, **facts
    )
    session.add(decision)
    session.flush()
    _apply(session, proposal, decision, now)
    _tell(session, proposal, decision, government, target)
    record(
        session,
        action="review.decided",
        subject_type="proposal",
        subject_id=proposal_id,
        actor_id=actor_id,
        now=now,
        chain=str(government.id),
        data={"outcome": outcome, "review": str(review.id), "transfer_to": transfer_to},
    )
    return decision


def _find_repeated(
    session: Session,
    proposal_id: UUID,
    local_government_code: str,
    actor_id: UUID,
    facts: Mapping[str, Any],
) -> Decision | None:
    """Return the decision that this request made before, if it still stands."""
    review = find_latest_review(
        session, proposal_id=proposal_id, local_government_code=local_government_code
    )
    decisions = list_decisions(session, [review.id]) if review else []
    if review is None or not decisions:
        return None
    last = decisions[-1]
    stands = review.state == STATE_AFTER[last.outcome]
    same = last.decided_by == actor_id and all(
        getattr(last, name) == value for name, value in facts.items()
    )
    return last if stands and same else None


def _find_target(
    session: Session, local_government_code: str, code: str | None
) -> Organization | None:
    if code is None:
        return None
    if code == local_government_code:
        raise TransferToSelf(field="json.transfer_to")
    target = find_local_government_organization(session, code)
    if target is None or target.closed_at is not None:
        raise TransferTargetUnknown(field="json.transfer_to")
    return target


def _apply(session: Session, proposal: Proposal, decision: Decision, now: datetime) -> None:
    """Bring the proposal where the decision puts it."""
    if decision.outcome == "adopted":
        mark_adopted(session, proposal, now=now)
    elif decision.outcome == "rejected":
        mark_rejected(session, proposal, now=now)
    elif decision.outcome == "supplement_requested":
        mark_supplement_requested(session, proposal, now=now)
    elif decision.transfer_to is not None:
        transfer_to(session, proposal, local_government_code=decision.transfer_to, now=now)
        session.add(_review_at(proposal.id, decision.transfer_to, now))


def _review_at(proposal_id: UUID, local_government_code: str, now: datetime) -> Review:
    return open_review(
        proposal_id=proposal_id, local_government_code=local_government_code, now=now
    )


def _tell(
    session: Session,
    proposal: Proposal,
    decision: Decision,
    government: Organization,
    target: Organization | None,
) -> None:
    """Add to the public thread, and tell whom it concerns."""
    data: dict[str, Any] = {"local_government": named(government), "reason": decision.reason}
    if target is not None:
        data["transfer_to"] = named(target)
    append_event(
        session,
        proposal_id=proposal.id,
        kind=decision.outcome,
        actor_id=decision.decided_by,
        data=data,
        public=True,
        now=decision.decided_at,
    )
    now = decision.decided_at
    about: dict[str, Any] = {
        "subject_type": "proposal",
        "subject_id": proposal.id,
        "params": {
            "title": proposal.title,
            "reason": decision.reason,
            "local_government": in_both_languages(target or government),
        },
        "now": now,
    }
    for kind, recipient_ids in _audience(session, proposal, decision.outcome).items():
        notify_many(session, recipient_ids=recipient_ids, kind=kind, **about)
    if decision.outcome == "adopted":
        tell_neighbours(session, proposal, "adoption_near", about["params"], now)


def _audience(session: Session, proposal: Proposal, outcome: str) -> Mapping[str, list[UUID]]:
    """Return who is told of a decision, each once, by the kind of notice."""
    told: dict[UUID, str] = {}
    if outcome in FOLLOWED:
        told |= dict.fromkeys(list_follower_ids(session, proposal.id), FOLLOWED[outcome])
    if outcome == "adopted":
        endorsers = list_endorser_ids(session, proposal.id)
        told |= dict.fromkeys(endorsers, "endorsed_proposal_adopted")
    proposers = proposer_ids(session, [proposal.id])[proposal.id]
    if outcome == "supplement_requested":
        # What is asked for only those can give who wrote it.
        proposers = [proposal.author_id, *proposal.co_author_ids]
    told |= dict.fromkeys(proposers, NOTICES[outcome])
    by_kind: dict[str, list[UUID]] = {}
    for recipient_id, kind in told.items():
        by_kind.setdefault(kind, []).append(recipient_id)
    return by_kind
