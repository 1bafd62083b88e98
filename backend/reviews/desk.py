"""Owns what a reviewer gets to see: the queue and single reviews, each look on record."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from backend.audit.service import record
from backend.organizations.queries import get_local_government_organization
from backend.pagination import Page
from backend.proposals.models import Proposal
from backend.proposals.queries import get_proposal, list_proposals, lock_proposal
from backend.proposals.service import start_review
from backend.reviews.models import Decision, Review
from backend.reviews.queries import (
    ReviewNotFound,
    find_latest_review,
    list_decisions,
    list_reviews,
)

GONE = frozenset({"transferred", "withdrawn"})
"""States in which the proposal is not this office's business any more."""


@dataclass(frozen=True, slots=True)
class ReviewFile:
    """A review with its proposal and its decisions, the oldest first."""

    review: Review
    proposal: Proposal
    decisions: Sequence[Decision]

    @property
    def private(self) -> Proposal | None:
        """Return the proposal for its exact point and residence, if the office may see them."""
        return None if self.review.state in GONE else self.proposal


def read_queue(
    session: Session, *, local_government_code: str, actor_id: UUID, now: datetime, **query: Any
) -> Page:
    """Return a page of a local government's reviews, and record who saw whose facts.

    :param query: as `queries.list_reviews` takes it.
    """
    page = list_reviews(session, local_government_code=local_government_code, **query)
    files = _files(session, page.items)
    _record_look(session, local_government_code, files, actor_id, now)
    return Page(files, page.next_cursor)


def read_review(
    session: Session,
    *,
    proposal_id: UUID,
    local_government_code: str,
    actor_id: UUID,
    now: datetime,
) -> ReviewFile:
    """Return the last review of a proposal at a local government, and record who saw it.

    The first look at a proposal that is under review starts it: its authors change nothing more
    unasked. To see it among others in the queue is no look.

    :raises ProposalNotFound: when there is none.
    :raises ReviewNotFound: when it has never been there.
    """
    review = find_latest_review(
        session, proposal_id=proposal_id, local_government_code=local_government_code
    )
    if review is None:
        raise ReviewNotFound
    _start(session, proposal_id, local_government_code, actor_id, now)
    files = _files(session, [review])
    _record_look(session, local_government_code, files, actor_id, now)
    return files[0]


def _start(
    session: Session,
    proposal_id: UUID,
    local_government_code: str,
    actor_id: UUID,
    now: datetime,
) -> None:
    # Every look but the first is spared the lock.
    if get_proposal(session, proposal_id).review_started_at is not None:
        return
    proposal = lock_proposal(session, proposal_id)
    if proposal.local_government_code == local_government_code:
        start_review(session, proposal, actor_id=actor_id, now=now)


def _files(session: Session, reviews: Sequence[Review]) -> list[ReviewFile]:
    proposals = {
        proposal.id: proposal
        for proposal in list_proposals(session, [review.proposal_id for review in reviews])
    }
    decisions: dict[UUID, list[Decision]] = {review.id: [] for review in reviews}
    for decision in list_decisions(session, list(decisions)):
        decisions[decision.review_id].append(decision)
    return [
        ReviewFile(review, proposals[review.proposal_id], decisions[review.id])
        for review in reviews
    ]


def _record_look(
    session: Session,
    local_government_code: str,
    files: Sequence[ReviewFile],
    actor_id: UUID,
    now: datetime,
) -> None:
    """Record a look at exact points and residences: which proposals, never where."""
    seen = sorted(str(file.proposal.id) for file in files if file.private is not None)
    if not seen:
        return
    government = get_local_government_organization(session, local_government_code)
    record(
        session,
        action="review.private_facts_read",
        subject_type="local_government",
        subject_id=local_government_code,
        actor_id=actor_id,
        now=now,
        chain=str(government.id),
        data={"proposals": seen},
    )
