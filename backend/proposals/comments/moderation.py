"""Owns what the competent office does about comments: hiding, showing again, leaving as they are.

Nothing is done automatically, however many report it.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from backend.audit.service import record
from backend.errors import PermissionDenied
from backend.notifications.service import notify
from backend.organizations.queries import get_local_government_organization
from backend.proposals.comments.models import Comment
from backend.proposals.comments.queries import list_open_reports, lock_comment
from backend.proposals.comments.reasons import in_both_languages
from backend.proposals.comments.states import CommentNotShown


class OwnMatter(PermissionDenied):
    """Nobody moderates what is said about one's own proposal, nor one's own words."""

    code = "own_matter_not_moderable"
    ko = "자기 제안이나 자기 의견은 다룰 수 없습니다. 다른 담당자가 처리해야 합니다."
    en = "You cannot moderate your own words or your own proposal. A colleague has to."


def hide_comment(
    session: Session, *, comment_id: UUID, actor_id: UUID, reason: str, now: datetime
) -> Comment:
    """Hide a comment with a reason, and tell its author and who reported it.

    Hidden already, it stays so for the reason it was given; that is told once.

    :param reason: a key of `reasons.REASONS`.
    :raises CommentNotFound: when there is none.
    :raises OwnMatter: when the caller wrote it, or the proposal.
    :raises CommentNotShown: when its author has deleted it.
    """
    comment = _lock(session, comment_id, actor_id)
    if comment.deleted_at is not None:
        raise CommentNotShown
    if comment.hidden_at is None:
        comment.hidden_at, comment.hidden_reason = now, reason
        _tell_author(session, comment, "comment_hidden", now, reason=in_both_languages(reason))
        _record(session, "comment.hidden", comment, actor_id, now, reason=reason)
    _resolve(session, comment, "hidden", now)
    return comment


def show_again(session: Session, *, comment_id: UUID, actor_id: UUID, now: datetime) -> Comment:
    """Show a hidden comment again, and tell its author; what is shown stays as it is.

    :raises CommentNotFound: when there is none.
    :raises OwnMatter: when the caller wrote it, or the proposal.
    """
    comment = _lock(session, comment_id, actor_id)
    if comment.hidden_at is not None:
        comment.hidden_at = comment.hidden_reason = None
        _tell_author(session, comment, "comment_shown_again", now)
        _record(session, "comment.shown_again", comment, actor_id, now)
    session.flush()
    return comment


def keep_comment(session: Session, *, comment_id: UUID, actor_id: UUID, now: datetime) -> Comment:
    """Leave a reported comment as it is, and tell who reported it.

    :raises CommentNotFound: when there is none.
    :raises OwnMatter: when the caller wrote it, or the proposal.
    """
    comment = _lock(session, comment_id, actor_id)
    if _resolve(session, comment, "kept", now):
        _record(session, "comment.kept", comment, actor_id, now)
    return comment


def _lock(session: Session, comment_id: UUID, actor_id: UUID) -> Comment:
    comment = lock_comment(session, comment_id)
    if comment.author_id == actor_id or comment.proposal.is_written_by(actor_id):
        raise OwnMatter
    return comment


def _resolve(session: Session, comment: Comment, resolution: str, now: datetime) -> int:
    """Close the open reports of a comment, tell who made them, and return how many there were."""
    reports = list_open_reports(session, comment.id)
    for report in reports:
        report.resolved_at, report.resolution = now, resolution
        notify(
            session,
            recipient_id=report.account_id,
            kind=f"reported_comment_{resolution}",
            subject_type="proposal",
            subject_id=comment.proposal_id,
            params={"title": comment.proposal.title},
            now=now,
        )
    session.flush()
    return len(reports)


def _tell_author(
    session: Session, comment: Comment, kind: str, now: datetime, **params: object
) -> None:
    notify(
        session,
        recipient_id=comment.author_id,
        kind=kind,
        subject_type="proposal",
        subject_id=comment.proposal_id,
        params={"title": comment.proposal.title, **params},
        now=now,
    )


def _record(
    session: Session,
    action: str,
    comment: Comment,
    actor_id: UUID,
    now: datetime,
    **data: str,
) -> None:
    government = get_local_government_organization(session, comment.local_government_code or "")
    record(
        session,
        action=action,
        subject_type="comment",
        subject_id=comment.id,
        actor_id=actor_id,
        now=now,
        chain=str(government.id),
        data={"proposal": str(comment.proposal_id), **data},
    )
