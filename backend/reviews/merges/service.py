"""Owns the rules of merging proposals that say the same: which survives, who may, until when."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from backend.audit.service import record
from backend.errors import Conflict, Invalid
from backend.organizations.queries import get_local_government_organization
from backend.proposals.merges.models import ProposalMerge
from backend.proposals.merges.queries import (
    find_standing_merge,
    get_standing_merge,
)
from backend.proposals.merges.service import hold_merges, lock_chain, lock_proposals, mark_merged
from backend.proposals.models import Proposal
from backend.proposals.queries import ProposalNotFound
from backend.reviews.decisions import OwnProposalNotDecidable
from backend.reviews.merges.notices import Affair, tell_merged, tell_objected
from backend.reviews.merges.terms import check_term
from backend.reviews.merges.undoing import separate
from backend.reviews.queries import find_unclosed_review
from backend.reviews.states import move

SURVIVING = frozenset({"submitted", "supplement_requested", "adopted"})
"""States in which a proposal may take another one in: none that was decided against."""


class SurvivorUnknown(Invalid):
    """There is no public proposal with that id."""

    code = "merge_survivor_unknown"
    ko = "합칠 제안을 찾을 수 없습니다."
    en = "There is no proposal with this id to merge into."


class MergeIntoItself(Invalid):
    """Two proposals are needed."""

    code = "merge_into_itself"
    ko = "자기 자신에는 합칠 수 없습니다."
    en = "A proposal cannot be merged into itself."


class FirstReceivedSurvives(Conflict):
    """Of duplicates the first received wins (국민 제안 규정, 중복 제안).

    :param params: ``survivor_id``, the proposal that was received first.
    """

    code = "first_received_survives"
    ko = "먼저 접수된 제안이 남습니다. 거꾸로 {survivor_id} 제안에 합쳐 주세요."
    en = "The proposal received first survives. Merge the other way round, into {survivor_id}."
    tells = ("survivor_id",)


class SurvivorMerged(Conflict):
    """What was to survive is a part of another proposal itself.

    :param params: ``survivor_id``, the proposal that stands for it.
    """

    code = "merge_survivor_merged"
    ko = "이미 다른 제안에 합쳐진 제안입니다. {survivor_id} 제안에 합쳐 주세요."
    en = "That proposal is merged itself. Merge into {survivor_id}, which stands for it."
    tells = ("survivor_id",)


class SurvivorClosed(Conflict):
    """A proposal that was withdrawn or not adopted takes nothing in."""

    code = "merge_survivor_closed"
    ko = "철회되었거나 채택되지 않은 제안에는 합칠 수 없습니다."
    en = "Nothing is merged into a proposal that was withdrawn or not adopted."


class NotBothCompetent(Conflict):
    """One of the two is another local government's business."""

    code = "merge_across_local_governments"
    ko = "두 제안 모두 우리 기관이 심사하는 제안일 때만 합칠 수 있습니다."
    en = "Both proposals have to be in the competence of the same local government."


class SurvivorDecided(Conflict):
    """The decision about the survivor was one about both."""

    code = "merge_survivor_decided"
    ko = "합쳐진 제안이 이미 결정되어 되돌릴 수 없습니다."
    en = "The proposal that stands for both was decided about, so the merge cannot be undone."


def merge_proposal(
    session: Session,
    *,
    proposal_id: UUID,
    into: UUID,
    local_government_code: str,
    actor_id: UUID,
    reason: str,
    now: datetime,
) -> ProposalMerge:
    """Merge a proposal into one that was received before it and says the same.

    The same merge by the same person again changes nothing, so that it can be repeated.

    :param into: the proposal that survives.
    :param local_government_code: for which body the caller may decide.
    :raises ProposalNotFound: when there is no such proposal.
    :raises MergeIntoItself, SurvivorUnknown: for a bad survivor.
    :raises OwnProposalNotDecidable: when the caller wrote one of the two.
    :raises NotBothCompetent: when one of them is another body's business.
    :raises ProposalTransition: when the proposal is not under review.
    :raises SurvivorMerged, SurvivorClosed: when the survivor stands for nothing any more.
    :raises FirstReceivedSurvives: when the survivor was received after it.
    """
    if into == proposal_id:
        raise MergeIntoItself(field="json.into")
    hold_merges(session)
    merged, survivor = _lock_two(session, proposal_id, into)
    standing = find_standing_merge(session, proposal_id)
    if standing is not None and (standing.survivor_id, standing.merged_by, standing.reason) == (
        into,
        actor_id,
        reason,
    ):
        return standing
    if merged.is_written_by(actor_id) or survivor.is_written_by(actor_id):
        raise OwnProposalNotDecidable
    if {merged.local_government_code, survivor.local_government_code} != {local_government_code}:
        raise NotBothCompetent
    _check_survivor(session, merged, survivor)
    merge = mark_merged(session, merged, survivor, reason=reason, actor_id=actor_id, now=now)
    review = find_unclosed_review(session, proposal_id)
    if review is not None:
        move(review, "merged", now)
    government = get_local_government_organization(session, local_government_code)
    tell_merged(session, Affair(merge, merged, survivor, government))
    record(
        session,
        action="proposal.merged",
        subject_type="proposal",
        subject_id=proposal_id,
        actor_id=actor_id,
        now=now,
        chain=str(government.id),
        data={"merge": str(merge.id), "into": str(into)},
    )
    session.flush()
    return merge


def undo_merge(
    session: Session, *, proposal_id: UUID, actor_id: UUID, reason: str, now: datetime
) -> ProposalMerge:
    """Let a merged proposal stand by itself again, as if it had never been merged.

    What people did at the survivor in the meantime stays.

    :raises NotMerged: when it stands by itself.
    :raises UndoTermOver: when the merge is older than 30 days.
    :raises SurvivorDecided: when what stands for it was decided about since.
    :raises OwnProposalNotDecidable: when the caller wrote it or what it was merged into.
    """
    hold_merges(session)
    merge = get_standing_merge(session, proposal_id)
    chain = lock_chain(session, merge)
    if chain[0].is_written_by(actor_id) or chain[1].is_written_by(actor_id):
        raise OwnProposalNotDecidable
    check_term(merge, now)
    decided_at = chain[-1].decided_at
    if decided_at is not None and decided_at >= merge.merged_at:
        raise SurvivorDecided
    separate(session, merge, chain, actor_id=actor_id, reason=reason, now=now)
    return merge


def object_to_merge(
    session: Session, *, proposal_id: UUID, actor_id: UUID, reason: str, now: datetime
) -> ProposalMerge:
    """Object to the merge of one's own proposal; a second time changes nothing.

    The staff that may undo it hear of it.

    :raises NotMerged: when it stands by itself.
    :raises UndoTermOver: when the merge is older than 30 days.
    """
    hold_merges(session)
    merge = get_standing_merge(session, proposal_id)
    if merge.objected_at is not None:
        return merge
    check_term(merge, now)
    merge.objected_at = now
    merged, survivor = lock_chain(session, merge)[:2]
    government = get_local_government_organization(session, merged.local_government_code or "")
    tell_objected(session, Affair(merge, merged, survivor, government), reason, now)
    record(
        session,
        action="proposal.merge_objected",
        subject_type="proposal",
        subject_id=proposal_id,
        actor_id=actor_id,
        now=now,
        data={"merge": str(merge.id)},
    )
    session.flush()
    return merge


def _lock_two(session: Session, proposal_id: UUID, into: UUID) -> tuple[Proposal, Proposal]:
    locked = lock_proposals(session, [proposal_id, into])
    if proposal_id not in locked:
        raise ProposalNotFound
    if into not in locked or not locked[into].is_public:
        raise SurvivorUnknown(field="json.into")
    return locked[proposal_id], locked[into]


def _check_survivor(session: Session, merged: Proposal, survivor: Proposal) -> None:
    if survivor.status == "merged":
        standing = get_standing_merge(session, survivor.id)
        raise SurvivorMerged(survivor_id=standing.end_id)
    if survivor.status not in SURVIVING:
        raise SurvivorClosed
    received = [(one.submitted_at, one.id) for one in (survivor, merged)]
    if received != sorted(received):
        raise FirstReceivedSurvives(survivor_id=merged.id)
