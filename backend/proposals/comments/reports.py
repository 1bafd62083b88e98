"""Owns reporting a comment, and what an office gets to see of that."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from backend.audit.service import record
from backend.db import new_id
from backend.errors import PermissionDenied
from backend.organizations.queries import get_local_government_organization
from backend.pagination import Page
from backend.proposals.comments.models import CommentReport
from backend.proposals.comments.queries import find_report, list_reports, lock_comment
from backend.proposals.comments.states import check_shown


class OwnComment(PermissionDenied):
    """Nobody reports oneself: one's own comment can be deleted."""

    code = "own_comment_not_reportable"
    ko = "자기 의견은 신고할 수 없습니다. 지울 수는 있습니다."
    en = "You cannot report your own comment. You can delete it."


def report_comment(
    session: Session,
    *,
    comment_id: UUID,
    account_id: UUID,
    reason: str,
    now: datetime,
    note: str | None = None,
) -> tuple[CommentReport, bool]:
    """Tell the office that a comment should not be there; return the report and whether it is new.

    Once per person: a second time answers with the first.

    :param reason: a key of `reasons.REASONS`.
    :param note: more about it, for the office alone.
    :raises CommentNotFound: when there is none.
    :raises OwnComment: when the person wrote it.
    :raises CommentNotShown: when it was deleted or hidden.
    """
    comment = lock_comment(session, comment_id)
    if comment.author_id == account_id:
        raise OwnComment
    before = find_report(session, comment_id=comment_id, account_id=account_id)
    if before is not None:
        return before, False
    check_shown(comment)
    report = CommentReport(
        id=new_id(),
        comment_id=comment_id,
        account_id=account_id,
        reason=reason,
        note=note,
        created_at=now,
    )
    session.add(report)
    record(
        session,
        action="comment.reported",
        subject_type="comment",
        subject_id=comment_id,
        actor_id=account_id,
        now=now,
        data={"reason": reason},
    )
    return report, True


def read_reports(
    session: Session, *, local_government_code: str, actor_id: UUID, now: datetime, **query: Any
) -> Page:
    """Return a page of the reports for a local government, and record who saw them.

    :param query: as `queries.list_reports` takes it.
    """
    page = list_reports(session, local_government_code=local_government_code, **query)
    if page.items:
        government = get_local_government_organization(session, local_government_code)
        record(
            session,
            action="comment.reports_read",
            subject_type="local_government",
            subject_id=local_government_code,
            actor_id=actor_id,
            now=now,
            chain=str(government.id),
            data={"reports": sorted(str(report.id) for report in page.items)},
        )
    return page
