"""Owns how reviews, decisions and rankings are read."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.errors import NotFound
from backend.pagination import Page, paginate
from backend.proposals.models import Proposal
from backend.reviews.models import Decision, Ranking, Review

DECIDED = ("adopted", "rejected", "transferred", "merged")


class ReviewNotFound(NotFound):
    """The proposal has never been at the local government."""

    code = "review_not_found"
    ko = "이 지방자치단체에는 이 제안의 심사가 없습니다."
    en = "This local government has no review of the proposal."


def find_unclosed_review(session: Session, proposal_id: UUID) -> Review | None:
    """Return the review under way of a proposal; there is at most one."""
    return session.scalar(
        select(Review)
        .where(Review.proposal_id == proposal_id, Review.closed_at.is_(None))
        .execution_options(populate_existing=True)
    )


def find_latest_review(
    session: Session, *, proposal_id: UUID, local_government_code: str
) -> Review | None:
    """Return a proposal's last stay at a local government, closed or not."""
    return session.scalar(
        select(Review)
        .where(
            Review.proposal_id == proposal_id,
            Review.local_government_code == local_government_code,
        )
        .order_by(Review.received_at.desc(), Review.id.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    )


def list_reviews(
    session: Session,
    *,
    local_government_code: str,
    status: str,
    limit: int,
    after: str | None = None,
    category: str | None = None,
    region_code: str | None = None,
) -> Page:
    """Return the reviews of a local government: what waits oldest first, the rest newest first.

    :param status: ``open``: not closed, waiting for a supplement included; ``decided``: adopted,
        rejected, merged into another or passed on.
    :param category: only proposals of that category.
    :param region_code: only proposals about a region with everything in it.
    """
    statement = select(Review).where(Review.local_government_code == local_government_code)
    if status == "open":
        statement = statement.where(Review.closed_at.is_(None))
    else:
        statement = statement.where(Review.state.in_(DECIDED))
    if category is not None or region_code is not None:
        statement = statement.join(Proposal, Proposal.id == Review.proposal_id)
    if category is not None:
        statement = statement.where(Proposal.category == category)
    if region_code is not None:
        statement = statement.where(Proposal.emd_code.startswith(region_code, autoescape=True))
    return paginate(
        session,
        statement,
        Review.received_at,
        Review.id,
        limit=limit,
        after=after,
        descending=status != "open",
    )


def list_decisions(session: Session, review_ids: Collection[UUID]) -> Sequence[Decision]:
    """Return the decisions of some reviews, the oldest first."""
    statement = select(Decision).where(Decision.review_id.in_(review_ids))
    return session.scalars(statement.order_by(Decision.decided_at, Decision.id)).all()


def find_current_ranking(
    session: Session, *, local_government_code: str, programme_year: int, subject: str
) -> Ranking | None:
    """Return the ranking that counts now.

    :param subject: ``proposals`` or ``categories``.
    """
    return session.scalar(
        select(Ranking).where(
            Ranking.local_government_code == local_government_code,
            Ranking.programme_year == programme_year,
            Ranking.subject == subject,
            Ranking.superseded_at.is_(None),
        )
    )
