"""Owns how proposals, their events and their endorsements are read."""

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import Select, case, func, select, union_all
from sqlalchemy.orm import Session, aliased, selectinload

from backend.errors import NotFound
from backend.pagination import Page, paginate
from backend.proposals.co_authors.models import CoAuthor
from backend.proposals.events import ProposalEvent
from backend.proposals.facts import AnsweringFacts
from backend.proposals.filters import Wanted, narrow
from backend.proposals.merges.models import ProposalMerge
from backend.proposals.models import Endorsement, Proposal
from backend.proposals.words import find_rare, is_one_of
from geo.regions.codes import EMD_DIGITS, SIGUNGU_DIGITS
from geo.regions.models import RegionRow

PUBLIC_FACTS = (
    selectinload(Proposal.emd),
    selectinload(Proposal.sigungu),
    selectinload(Proposal.local_government),
    selectinload(Proposal.photos),
    selectinload(Proposal.account),
    selectinload(Proposal.co_authors).selectinload(CoAuthor.account),
    selectinload(Proposal.merge),
    selectinload(Proposal.taken_in).joinedload(ProposalMerge.merged).joinedload(Proposal.account),
)
"""What is loaded along with proposals to show of them what everybody may see."""


class ProposalNotFound(NotFound):
    """There is no such proposal, or the caller may not know that there is."""

    code = "proposal_not_found"
    ko = "제안을 찾을 수 없습니다."
    en = "There is no such proposal."


def get_proposal(session: Session, proposal_id: UUID) -> Proposal:
    """Return a proposal.

    :raises ProposalNotFound: when there is none.
    """
    proposal = session.get(Proposal, proposal_id)
    if proposal is None:
        raise ProposalNotFound
    return proposal


def lock_proposal(session: Session, proposal_id: UUID) -> Proposal:
    """Return a proposal as it is now, locked until the transaction ends.

    The lock leaves the key alone, so that rows which only refer to the proposal do not wait.

    :raises ProposalNotFound: when there is none.
    """
    proposal = session.scalar(
        select(Proposal)
        .where(Proposal.id == proposal_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    if proposal is None:
        raise ProposalNotFound
    return proposal


def list_public(session: Session, *, wanted: Wanted, limit: int, after: str | None = None) -> Page:
    """Return what everybody may see, the newest submission first."""
    statement = narrow(_with_places(select(Proposal)), wanted)
    rare = find_rare(session, wanted.words) if wanted.words else None
    if rare is not None:
        statement = statement.where(is_one_of(rare))
    return paginate(
        session,
        statement,
        Proposal.submitted_at,
        Proposal.id,
        limit=limit,
        after=after,
        descending=True,
    )


def list_own(session: Session, *, author_id: UUID, limit: int, after: str | None) -> Page:
    """Return what a person writes, alone or with others, in every state, the newest first."""
    mine = aliased(Proposal)
    # Two lookups by index put together: an OR of them would read the whole table.
    written = union_all(
        select(mine.id).where(mine.author_id == author_id),
        select(CoAuthor.proposal_id).where(CoAuthor.account_id == author_id),
    )
    return paginate(
        session,
        _with_residences(select(Proposal)).where(Proposal.id.in_(written)),
        Proposal.created_at,
        Proposal.id,
        limit=limit,
        after=after,
        descending=True,
    )


def list_proposals(session: Session, proposal_ids: Collection[UUID]) -> list[Proposal]:
    """Return the proposals with these ids that there are, in order of their ids."""
    statement = _with_residences(select(Proposal)).where(Proposal.id.in_(proposal_ids))
    return list(session.scalars(statement.order_by(Proposal.id)))


def list_events(
    session: Session,
    *,
    proposal_id: UUID,
    include_private: bool,
    limit: int,
    after: str | None = None,
) -> Page:
    """Return what happened to a proposal, the oldest first.

    :param include_private: also what only the author and the office may read.
    """
    statement = select(ProposalEvent).where(ProposalEvent.proposal_id == proposal_id)
    if not include_private:
        statement = statement.where(ProposalEvent.public)
    return paginate(
        session,
        statement,
        ProposalEvent.occurred_at,
        ProposalEvent.id,
        limit=limit,
        after=after,
    )


def is_endorsed_by(session: Session, *, proposal_id: UUID, account_id: UUID) -> bool:
    """Tell whether a person backs a proposal."""
    return session.get(Endorsement, (proposal_id, account_id)) is not None


def list_endorser_ids(session: Session, proposal_id: UUID) -> list[UUID]:
    """Return the accounts that back a proposal."""
    statement = select(Endorsement.account_id).where(Endorsement.proposal_id == proposal_id)
    return list(session.scalars(statement.order_by(Endorsement.account_id)))


def answering_facts(
    session: Session, proposal_ids: Collection[UUID]
) -> Mapping[UUID, AnsweringFacts]:
    """Return what a round has to know of submitted proposals, by their ids; drafts are left out."""
    shown = aliased(RegionRow)
    digits = case((Proposal.neighbourhood_public, EMD_DIGITS), else_=SIGUNGU_DIGITS)
    rows = session.execute(
        select(
            Proposal,
            shown.code,
            shown.full_name,
            func.ST_X(shown.label_point),
            func.ST_Y(shown.label_point),
        )
        .join(
            shown,
            (shown.generation_id == Proposal.residence_generation_id)
            & (shown.code == func.left(Proposal.residence_code, digits)),
        )
        .where(Proposal.id.in_(proposal_ids), Proposal.submitted_at.is_not(None))
    )
    return {
        proposal.id: AnsweringFacts(
            proposal_id=proposal.id,
            author_id=proposal.author_id,
            title=proposal.title,
            category=proposal.category,
            status=proposal.status,
            residence_code=proposal.residence_code,
            residence_generation_id=proposal.residence_generation_id,
            residence_confirmed=proposal.residence_confirmed,
            residence_moved_recently=proposal.residence_moved_recently,
            neighbourhood_public=proposal.neighbourhood_public,
            shown_code=code,
            shown_name=name,
            label_lon=lon,
            label_lat=lat,
        )
        for proposal, code, name, lon, lat in rows
    }


def _with_places(statement: Select[tuple[Proposal]]) -> Select[tuple[Proposal]]:
    return statement.options(*PUBLIC_FACTS)


def _with_residences(statement: Select[tuple[Proposal]]) -> Select[tuple[Proposal]]:
    return _with_places(statement).options(selectinload(Proposal.residence_region))
