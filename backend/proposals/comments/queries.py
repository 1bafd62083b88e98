"""Owns how comments and the reports about them are read."""

from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from backend.errors import NotFound
from backend.pagination import Page, paginate
from backend.proposals.comments.models import Comment, CommentReport
from backend.proposals.models import Proposal

PEOPLE = (
    selectinload(Comment.account),
    selectinload(Comment.proposal).selectinload(Proposal.co_authors),
)
"""Who wrote a comment, and who writes the proposal that it is about, loaded along with it."""


class CommentNotFound(NotFound):
    """There is no such comment, or no more."""

    code = "comment_not_found"
    ko = "의견을 찾을 수 없습니다."
    en = "There is no such comment."


def get_comment(session: Session, comment_id: UUID) -> Comment:
    """Return a comment.

    :raises CommentNotFound: when there is none.
    """
    comment = session.get(Comment, comment_id)
    if comment is None:
        raise CommentNotFound
    return comment


def lock_comment(session: Session, comment_id: UUID) -> Comment:
    """Return a comment as it is now, locked until the transaction ends.

    :raises CommentNotFound: when there is none.
    """
    comment = session.scalar(
        select(Comment)
        .where(Comment.id == comment_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    if comment is None:
        raise CommentNotFound
    return comment


def list_comments(session: Session, *, proposal_id: UUID, limit: int, after: str | None) -> Page:
    """Return what people say about a proposal, the oldest first, without the answers."""
    statement = select(Comment).where(
        Comment.proposal_id == proposal_id, Comment.parent_id.is_(None)
    )
    return _page(session, statement, limit, after)


def list_replies(session: Session, *, comment_id: UUID, limit: int, after: str | None) -> Page:
    """Return the answers to a comment, the oldest first."""
    return _page(session, select(Comment).where(Comment.parent_id == comment_id), limit, after)


def list_reports(
    session: Session, *, local_government_code: str, status: str, limit: int, after: str | None
) -> Page:
    """Return the reports that a local government is competent for, the oldest first.

    :param status: ``open`` or ``resolved``.
    """
    resolved = CommentReport.resolved_at
    statement = (
        select(CommentReport)
        .join(Comment, Comment.id == CommentReport.comment_id)
        .join(Proposal, Proposal.id == Comment.proposal_id)
        .where(
            Proposal.local_government_code == local_government_code,
            resolved.is_(None) if status == "open" else resolved.is_not(None),
        )
        .options(joinedload(CommentReport.comment).options(*PEOPLE))
    )
    return paginate(
        session,
        statement,
        CommentReport.created_at,
        CommentReport.id,
        limit=limit,
        after=after,
    )


def find_report(session: Session, *, comment_id: UUID, account_id: UUID) -> CommentReport | None:
    """Return what a person reported about a comment."""
    return session.scalar(
        select(CommentReport).where(
            CommentReport.comment_id == comment_id, CommentReport.account_id == account_id
        )
    )


def list_open_reports(session: Session, comment_id: UUID) -> list[CommentReport]:
    """Return the reports about a comment that nobody has looked at, the oldest first."""
    statement = select(CommentReport).where(
        CommentReport.comment_id == comment_id, CommentReport.resolved_at.is_(None)
    )
    return list(session.scalars(statement.order_by(CommentReport.created_at, CommentReport.id)))


def _page(session: Session, statement: Select[Any], limit: int, after: str | None) -> Page:
    return paginate(
        session,
        statement.options(*PEOPLE),
        Comment.created_at,
        Comment.id,
        limit=limit,
        after=after,
    )
