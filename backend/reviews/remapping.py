"""Owns what a change of the boundaries does to reviews and rankings, and who hears of it."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.auth.identity import Role
from backend.notifications.service import notify
from backend.organizations.models import Organization
from backend.organizations.queries import list_staff_ids
from backend.proposals.models import Proposal
from backend.proposals.service import append_event
from backend.regions.changes import Change, Counts, Movable, move, restore
from backend.regions.models import RecordMove
from backend.reviews.models import Review
from backend.reviews.naming import in_both_languages, named
from backend.reviews.queries import find_unclosed_review
from backend.reviews.reranking import rerank

REVIEW = Movable("review", "review", "id", ("local_government_code",))

FOLLOW = """
    SELECT r.id, CASE WHEN g.kind IN ('renamed', 'merged') THEN g.kind ELSE 'split' END AS kind,
           p.local_government_code
    FROM review r
    JOIN proposal p ON p.id = r.proposal_id
    LEFT JOIN crosswalk_government g ON g.code = r.local_government_code
    WHERE r.closed_at IS NULL AND r.local_government_code <> p.local_government_code
"""
"""A review under way goes where its proposal went, and keeps its clock; closed ones are history."""


def remap(session: Session, change: Change, now: datetime) -> Mapping[str, Counts]:
    """Move reviews under way to the body that answers for their proposals now, and rankings.

    Authors hear whose their proposal is now, and the staff of a body whose ranking cannot be
    taken over hear that it has to rank anew.

    :param change: whose crosswalk was spread in this transaction; proposals have moved.
    """
    restore(session, change, REVIEW)
    counts = move(session, change, REVIEW, FOLLOW)
    session.expire_all()
    _tell_authors(session, change, now)
    rankings, unranked = rerank(session, change, now)
    _tell_staff(session, unranked, now)
    return {REVIEW.subject_type: counts, "ranking": rankings}


def follow_proposal(session: Session, change_id: UUID, proposal: Proposal) -> None:
    """Let the review under way of a proposal follow a place that a person decided.

    :param change_id: the change that left the proposal to a person.
    """
    review = find_unclosed_review(session, proposal.id)
    if review is None or review.local_government_code == proposal.local_government_code:
        return
    session.add(
        RecordMove(
            change_id=change_id,
            subject_type=REVIEW.subject_type,
            subject_id=review.id,
            kind="split",
            before={"local_government_code": review.local_government_code},
            after={"local_government_code": proposal.local_government_code},
        )
    )
    review.local_government_code = proposal.local_government_code or ""
    session.flush()


def _tell_authors(session: Session, change: Change, now: datetime) -> None:
    statement = (
        select(RecordMove.before["local_government_code"].astext, Proposal, Organization)
        .join(Review, Review.id == RecordMove.subject_id)
        .join(Proposal, Proposal.id == Review.proposal_id)
        .join(Organization, Organization.local_government_code == Review.local_government_code)
        .where(
            RecordMove.change_id == change.id,
            RecordMove.subject_type == REVIEW.subject_type,
            Review.closed_at.is_(None),
        )
        .order_by(Proposal.id)
    )
    bodies = {
        row.local_government_code: row
        for row in session.scalars(
            select(Organization).where(Organization.kind == "local_government")
        )
    }
    for before, proposal, government in session.execute(statement).all():
        append_event(
            session,
            proposal_id=proposal.id,
            kind="local_government_changed",
            actor_id=None,
            data={"before": named(bodies[before]), "local_government": named(government)},
            public=True,
            now=now,
        )
        notify(
            session,
            recipient_id=proposal.author_id,
            kind="local_government_changed",
            subject_type="proposal",
            subject_id=proposal.id,
            params={
                "title": proposal.title,
                "before": in_both_languages(bodies[before]),
                "local_government": in_both_languages(government),
            },
            now=now,
        )
    session.flush()


def _tell_staff(session: Session, unranked: Mapping[str, int], now: datetime) -> None:
    bodies = session.scalars(
        select(Organization).where(Organization.local_government_code.in_(unranked))
    ).all()
    for body in bodies:
        for account_id in list_staff_ids(session, body.id, Role.MANAGER, Role.REVIEWER):
            notify(
                session,
                recipient_id=account_id,
                kind="ranking_needed",
                subject_type="organization",
                subject_id=body.id,
                params={
                    "local_government": in_both_languages(body),
                    "year": unranked[body.local_government_code or ""],
                },
                now=now,
            )
    session.flush()
