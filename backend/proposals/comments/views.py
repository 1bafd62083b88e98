"""Comments over HTTP: what people say, answer, correct and delete."""

from typing import Any
from uuid import UUID

from backend import clock
from backend.auth.guards import current_account_id, requires
from backend.auth.permissions import Permission
from backend.db import db, unit_of_work
from backend.openapi import URL_PREFIX, Blueprint
from backend.preconditions import needs_match
from backend.proposals.comments import queries, schemas, service
from backend.proposals.comments.models import Comment
from backend.proposals.views import visible_proposal
from backend.schemas import PageQuerySchema, page_of, with_next_link

blp = Blueprint(
    "comments", __name__, url_prefix=URL_PREFIX, description="What people say about proposals"
)


def visible_comment(comment_id: UUID) -> Comment:
    """Return what a permission is about.

    :raises CommentNotFound: when there is none.
    """
    return queries.get_comment(db.session(), comment_id)


@blp.post("/proposals/<uuid:proposal_id>/comments")
@requires(Permission.Comment.WRITE, subject=visible_proposal)
@blp.arguments(schemas.CommentCreateSchema)
@blp.response(201, schemas.OwnCommentSchema)
@blp.alt_response(200, schema=schemas.OwnCommentSchema, description="The comment that is there")
def add_comment(payload: dict[str, Any], proposal_id: UUID) -> Any:
    """Say something about a proposal, or answer; the same id again answers with what is there."""
    with unit_of_work() as session:
        comment, is_new = service.add_comment(
            session,
            proposal_id=proposal_id,
            author_id=current_account_id(),
            **payload,
            now=clock.now(),
        )
    return comment, 201 if is_new else 200


@blp.get("/proposals/<uuid:proposal_id>/comments")
@requires(Permission.Proposal.READ, subject=visible_proposal)
@blp.arguments(PageQuerySchema, location="query")
@blp.response(200, page_of(schemas.CommentSchema))
def list_comments(query: dict[str, Any], proposal_id: UUID) -> Any:
    """List what people say about a proposal, oldest first, at most 100 a page."""
    return with_next_link(queries.list_comments(db.session(), proposal_id=proposal_id, **query))


@blp.get("/comments/<uuid:comment_id>/replies")
@requires(Permission.Comment.READ, subject=visible_comment)
@blp.arguments(PageQuerySchema, location="query")
@blp.response(200, page_of(schemas.CommentSchema))
def list_replies(query: dict[str, Any], comment_id: UUID) -> Any:
    """List the answers to a comment, oldest first, at most 100 a page."""
    return with_next_link(queries.list_replies(db.session(), comment_id=comment_id, **query))


@blp.get("/comments/<uuid:comment_id>")
@requires(Permission.Comment.READ, subject=visible_comment)
@blp.response(200, schemas.CommentSchema)
def show_comment(comment_id: UUID) -> Any:
    """Show a comment as everybody may see it."""
    return visible_comment(comment_id)


@blp.get("/me/comments/<uuid:comment_id>")
@requires(Permission.Comment.EDIT, subject=visible_comment)
@blp.response(200, schemas.OwnCommentSchema)
def show_own_comment(comment_id: UUID) -> Any:
    """Show one's own comment with its words, hidden or not."""
    return visible_comment(comment_id)


@blp.patch("/comments/<uuid:comment_id>")
@needs_match
@requires(Permission.Comment.EDIT, subject=visible_comment)
@blp.arguments(schemas.CommentUpdateSchema)
@blp.response(200, schemas.OwnCommentSchema)
def edit_comment(payload: dict[str, Any], comment_id: UUID) -> Any:
    """Correct one's comment, within 15 minutes."""
    with unit_of_work() as session:
        return service.edit_comment(
            session,
            comment_id=comment_id,
            actor_id=current_account_id(),
            **payload,
            now=clock.now(),
        )


@blp.delete("/comments/<uuid:comment_id>")
@requires(Permission.Comment.EDIT, subject=visible_comment)
@blp.response(204)
def delete_comment(comment_id: UUID) -> None:
    """Delete one's comment; where somebody answered, its place stays without words or name."""
    with unit_of_work() as session:
        service.delete_comment(
            session, comment_id=comment_id, actor_id=current_account_id(), now=clock.now()
        )
