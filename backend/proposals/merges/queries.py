"""Owns how merges are read: what stands, where a merged proposal is now, who proposed together."""

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import literal, select
from sqlalchemy.orm import Session

from backend.errors import Conflict, Gone
from backend.proposals.co_authors.models import CoAuthor
from backend.proposals.merges.models import ProposalMerge
from backend.proposals.models import Proposal


class ProposalMerged(Gone):
    """The proposal is a part of another one now.

    :param params: ``merged_into``, the id of the proposal that stands for both.
    """

    code = "proposal_merged"
    ko = "먼저 접수된 같은 내용의 제안에 합쳐졌습니다. 합쳐진 제안을 봐 주세요."
    en = "This proposal was merged into one received before it that says the same. See that one."
    tells = ("merged_into",)


class NotMerged(Conflict):
    """The proposal stands by itself."""

    code = "proposal_not_merged"
    ko = "다른 제안에 합쳐져 있지 않은 제안입니다."
    en = "The proposal is not merged into another one."


def find_standing_merge(session: Session, proposal_id: UUID) -> ProposalMerge | None:
    """Return the merge by which a proposal is a part of another one."""
    return session.scalar(
        select(ProposalMerge)
        .where(ProposalMerge.merged_id == proposal_id, ProposalMerge.undone_at.is_(None))
        .execution_options(populate_existing=True)
    )


def get_standing_merge(session: Session, proposal_id: UUID) -> ProposalMerge:
    """Return the merge by which a proposal is a part of another one.

    :raises NotMerged: when it stands by itself.
    """
    merge = find_standing_merge(session, proposal_id)
    if merge is None:
        raise NotMerged
    return merge


def list_merges_into(session: Session, survivor_id: UUID) -> list[ProposalMerge]:
    """Return the merges that stand into a proposal itself, the oldest first."""
    statement = select(ProposalMerge).where(
        ProposalMerge.survivor_id == survivor_id, ProposalMerge.undone_at.is_(None)
    )
    ordered = statement.order_by(ProposalMerge.merged_at, ProposalMerge.id)
    return list(session.scalars(ordered.execution_options(populate_existing=True)))


def refuse_merged(session: Session, proposal: Proposal) -> None:
    """Refuse to go on with a proposal that is a part of another one.

    :raises ProposalMerged: when it is, with where it is now.
    """
    if proposal.status == "merged":
        raise ProposalMerged(merged_into=get_standing_merge(session, proposal.id).end_id)


def proposer_ids(session: Session, proposal_ids: Collection[UUID]) -> Mapping[UUID, list[UUID]]:
    """Return who proposed: its authors, then the authors of what was merged into it, each once.

    :return: proposal id -> account ids, the first received first.
    """
    found: dict[UUID, list[UUID]] = {proposal_id: [] for proposal_id in proposal_ids}
    itself = select(Proposal.id, Proposal.id.label("part_id"), Proposal.submitted_at)
    parts = (
        itself.where(Proposal.id.in_(proposal_ids))
        .union_all(
            select(ProposalMerge.end_id, Proposal.id, Proposal.submitted_at)
            .join(Proposal, Proposal.id == ProposalMerge.merged_id)
            .where(ProposalMerge.end_id.in_(proposal_ids), ProposalMerge.undone_at.is_(None))
        )
        .subquery()
    )
    whole, part, received = parts.c
    first = select(Proposal.id, Proposal.author_id.label("account_id"), literal(0).label("turn"))
    writers = first.union_all(select(CoAuthor.proposal_id, CoAuthor.account_id, literal(1)))
    by = writers.subquery()
    rows = session.execute(
        select(whole, by.c.account_id)
        .join(by, by.c.id == part)
        .order_by(whole != part, received, part, by.c.turn, by.c.account_id)
    )
    for proposal_id, account_id in rows:
        if account_id not in found[proposal_id]:
            found[proposal_id].append(account_id)
    return found
