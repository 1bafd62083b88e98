"""Owns what the rankings of local governments say: to everybody, and to the rounds."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.proposals.models import Proposal
from backend.reviews.models import CategoryRank, ProposalRank, Ranking
from backend.reviews.queries import find_current_ranking

PROPOSALS = "proposals"
CATEGORIES = "categories"


@dataclass(frozen=True, slots=True)
class ProposalPlace:
    """A proposal's place in a ranking; 1 comes first."""

    rank: int
    proposal_id: UUID
    title: str
    category: str


@dataclass(frozen=True, slots=True)
class CategoryPlace:
    """A category's place in a ranking; 1 comes first."""

    rank: int
    category: str


@dataclass(frozen=True, slots=True)
class RankingSheet:
    """A ranking as it is shown; `ranked_at` is None where none was set yet."""

    local_government_code: str
    programme_year: int
    ranked_at: datetime | None
    items: Sequence[ProposalPlace | CategoryPlace]


def show_proposal_ranking(
    session: Session, *, local_government_code: str, programme_year: int
) -> RankingSheet:
    """Return a local government's order of proposals that counts now."""
    row = find_current_ranking(
        session,
        local_government_code=local_government_code,
        programme_year=programme_year,
        subject=PROPOSALS,
    )
    places = session.execute(
        select(ProposalRank.rank, ProposalRank.proposal_id, Proposal.title, Proposal.category)
        .join(Proposal, Proposal.id == ProposalRank.proposal_id)
        .where(ProposalRank.ranking_id == (row.id if row else None))
        .order_by(ProposalRank.rank)
    )
    return RankingSheet(
        local_government_code,
        programme_year,
        row.ranked_at if row else None,
        [ProposalPlace(*place) for place in places],
    )


def show_category_ranking(
    session: Session, *, local_government_code: str, programme_year: int
) -> RankingSheet:
    """Return a local government's order of categories that counts now."""
    row = find_current_ranking(
        session,
        local_government_code=local_government_code,
        programme_year=programme_year,
        subject=CATEGORIES,
    )
    places = session.execute(
        select(CategoryRank.rank, CategoryRank.category)
        .where(CategoryRank.ranking_id == (row.id if row else None))
        .order_by(CategoryRank.rank)
    )
    return RankingSheet(
        local_government_code,
        programme_year,
        row.ranked_at if row else None,
        [CategoryPlace(*place) for place in places],
    )


def proposal_ranks(
    session: Session, programme_year: int, proposal_ids: Collection[UUID]
) -> Mapping[tuple[str, UUID], int]:
    """Return the ranks that local governments gave to proposals: (code, proposal) -> rank."""
    rows = session.execute(
        select(Ranking.local_government_code, ProposalRank.proposal_id, ProposalRank.rank)
        .join(Ranking, Ranking.id == ProposalRank.ranking_id)
        .where(
            ProposalRank.proposal_id.in_(proposal_ids),
            Ranking.programme_year == programme_year,
            Ranking.superseded_at.is_(None),
        )
    )
    return {(code, proposal_id): rank for code, proposal_id, rank in rows}


def category_ranks(session: Session, programme_year: int, category: str) -> Mapping[str, int]:
    """Return the ranks that local governments gave to a category: code -> rank."""
    rows = session.execute(
        select(Ranking.local_government_code, CategoryRank.rank)
        .join(Ranking, Ranking.id == CategoryRank.ranking_id)
        .where(
            CategoryRank.category == category,
            Ranking.programme_year == programme_year,
            Ranking.superseded_at.is_(None),
        )
    )
    return {row.local_government_code: row.rank for row in rows}
