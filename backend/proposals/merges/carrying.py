"""Owns the endorsements that a merge carries over, and that an undo takes back to the letter.

A person's own act at the survivor makes the endorsement, or its absence, their own: of it no
undo knows anything. So a merge that is undone leaves both proposals backed by whom they would be
backed by had it never been.
"""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import Select, delete, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from backend.proposals.co_authors.models import CoAuthor
from backend.proposals.merges.models import CarriedEndorsement, ProposalMerge
from backend.proposals.merges.queries import find_standing_merge
from backend.proposals.models import Endorsement, Proposal


def carry_over(session: Session, merge: ProposalMerge, survivor: Proposal) -> None:
    """Count who backs the merged proposal, and its authors, as backing the survivor: each once.

    :param survivor: locked; its own authors do not back it.
    """
    backing = (
        select(Endorsement.account_id)
        .where(Endorsement.proposal_id == merge.merged_id)
        .union(
            select(Proposal.author_id).where(Proposal.id == merge.merged_id),
            select(CoAuthor.account_id).where(CoAuthor.proposal_id == merge.merged_id),
        )
        .subquery()
    )
    at_survivor = select(Endorsement.account_id).where(Endorsement.proposal_id == survivor.id)
    by_themselves = at_survivor.where(Endorsement.account_id.not_in(_carried_to(survivor.id)))
    session.execute(
        insert(CarriedEndorsement).from_select(
            ["merge_id", "account_id"],
            select(literal(merge.id), backing.c.account_id).where(
                backing.c.account_id.not_in([survivor.author_id, *survivor.co_author_ids]),
                backing.c.account_id.not_in(by_themselves),
            ),
        )
    )
    added = session.execute(
        insert(Endorsement)
        .from_select(
            ["proposal_id", "account_id", "created_at"],
            select(
                literal(survivor.id), CarriedEndorsement.account_id, literal(merge.merged_at)
            ).where(CarriedEndorsement.merge_id == merge.id),
        )
        .on_conflict_do_nothing()
        .returning(Endorsement.account_id)
    ).all()
    survivor.endorsement_count += len(added)


def take_back(session: Session, merge: ProposalMerge, chain: Collection[Proposal]) -> None:
    """Take what only this merge carried from the survivor, and from what that is a part of.

    :param chain: the survivor and what it was merged into in turn, all locked.
    """
    by_id = {proposal.id: proposal for proposal in chain}
    at: ProposalMerge | None = merge
    carried = delete(CarriedEndorsement).where(CarriedEndorsement.merge_id == merge.id)
    while at is not None:
        gone = session.scalars(carried.returning(CarriedEndorsement.account_id)).all()
        lost = session.scalars(
            delete(Endorsement)
            .where(
                Endorsement.proposal_id == at.survivor_id,
                Endorsement.account_id.in_(gone),
                Endorsement.account_id.not_in(_carried_to(at.survivor_id)),
            )
            .returning(Endorsement.account_id)
        ).all()
        by_id[at.survivor_id].endorsement_count -= len(lost)
        at = find_standing_merge(session, at.survivor_id)
        if at is not None:
            carried = delete(CarriedEndorsement).where(
                CarriedEndorsement.merge_id == at.id, CarriedEndorsement.account_id.in_(lost)
            )


def make_own(session: Session, *, proposal_id: UUID, account_id: UUID) -> None:
    """Note that a person has said themselves whether they back a proposal."""
    into = select(ProposalMerge.id).where(
        ProposalMerge.survivor_id == proposal_id, ProposalMerge.undone_at.is_(None)
    )
    session.execute(
        delete(CarriedEndorsement).where(
            CarriedEndorsement.account_id == account_id, CarriedEndorsement.merge_id.in_(into)
        )
    )


def _carried_to(survivor_id: UUID) -> Select[UUID]:
    return (
        select(CarriedEndorsement.account_id)
        .join(ProposalMerge, ProposalMerge.id == CarriedEndorsement.merge_id)
        .where(ProposalMerge.survivor_id == survivor_id, ProposalMerge.undone_at.is_(None))
    )
