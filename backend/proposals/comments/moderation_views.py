"""Moderation over HTTP: reports of citizens, and what the competent office does about them."""

from typing import Any
from uuid import UUID

from backend import clock
from backend.auth.guards import current_account_id, requires
from backend.auth.permissions import Permission
from backend.db import db, unit_of_work
from backend.openapi import URL_PREFIX, Blueprint
from backend.organizations.models import Organization
from backend.organizations.queries import get_local_government_organization
from backend.proposals.comments import moderation, reports, schemas
from backend.proposals.comments.views import visible_comment
from backend.schemas import page_of, with_next_link

blp = Blueprint(
    "moderation", __name__, url_prefix=URL_PREFIX, description="Comments that should not be there"
)


def local_government(code: str) -> Organization:
    """Return the organization that a route is about.

    :raises LocalGovernmentUnknown: when no local government has the code.
    """
    return get_local_government_organization(db.session(), code)


@blp.post("/comments/<uuid:comment_id>/reports")
@requires(Permission.Comment.REPORT, subject=visible_comment)
@blp.arguments(schemas.CommentReportCreateSchema)
@blp.response(201, schemas.CommentReportSchema)
@blp.alt_response(200, schema=schemas.CommentReportSchema, description="What one reported before")
def report_comment(payload: dict[str, Any], comment_id: UUID) -> Any:
    """Tell the office that a comment should not be there, once per person."""
    with unit_of_work() as session:
        report, is_new = reports.report_comment(
            session,
            comment_id=comment_id,
            account_id=current_account_id(),
            **payload,
            now=clock.now(),
        )
    return report, 201 if is_new else 200


@blp.get("/local-governments/<string:code>/comment-reports")
@requires(Permission.Comment.READ_REPORTS, subject=local_government)
@blp.arguments(schemas.CommentReportQuerySchema, location="query")
@blp.response(200, page_of(schemas.CommentReportForOfficeSchema))
def list_comment_reports(query: dict[str, Any], code: str) -> Any:
    """List what was reported to a local government, oldest first; the look is on record."""
    with unit_of_work() as session:
        page = reports.read_reports(
            session,
            local_government_code=code,
            actor_id=current_account_id(),
            now=clock.now(),
            **query,
        )
        # The commit would expire what was read, and have it read again row by row.
        session.expunge_all()
    return with_next_link(page)


@blp.put("/comments/<uuid:comment_id>/hiding")
@requires(Permission.Comment.MODERATE, subject=visible_comment)
@blp.arguments(schemas.HidingSchema)
@blp.response(200, schemas.ModeratedCommentSchema)
def hide_comment(payload: dict[str, Any], comment_id: UUID) -> Any:
    """Hide a comment with a reason; its author and who reported it are told."""
    with unit_of_work() as session:
        return moderation.hide_comment(
            session,
            comment_id=comment_id,
            actor_id=current_account_id(),
            **payload,
            now=clock.now(),
        )


@blp.delete("/comments/<uuid:comment_id>/hiding")
@requires(Permission.Comment.MODERATE, subject=visible_comment)
@blp.response(200, schemas.ModeratedCommentSchema)
def show_comment_again(comment_id: UUID) -> Any:
    """Show a hidden comment again; its author is told."""
    with unit_of_work() as session:
        return moderation.show_again(
            session, comment_id=comment_id, actor_id=current_account_id(), now=clock.now()
        )


@blp.put("/comments/<uuid:comment_id>/keeping")
@requires(Permission.Comment.MODERATE, subject=visible_comment)
@blp.response(200, schemas.ModeratedCommentSchema)
def keep_comment(comment_id: UUID) -> Any:
    """Leave a reported comment as it is; who reported it is told."""
    with unit_of_work() as session:
        return moderation.keep_comment(
            session, comment_id=comment_id, actor_id=current_account_id(), now=clock.now()
        )
