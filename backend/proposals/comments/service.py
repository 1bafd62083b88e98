"""Owns what people do with their own comments: saying, correcting, deleting."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.audit.service import record
from backend.db import conflict_on, new_id
from backend.errors import Conflict, Invalid
from backend.proposals.comments.models import Comment
from backend.proposals.comments.queries import get_comment, lock_comment
from backend.proposals.comments.states import (
    check_commentable,
    check_editable,
    check_shown,
)
from backend.proposals.models import Proposal
from backend.proposals.queries import ProposalNotFound


class CommentIdTaken(Conflict):
    """A client chose an id that another comment has."""

    code = "id_taken"
    ko = "이미 쓰인 id입니다. 새 UUID로 다시 보내 주세요."
    en = "This id is in use. Send a new UUID."


class ParentUnknown(Invalid):
    """What is answered is no comment on the same proposal, or is itself an answer."""

    code = "comment_parent_unknown"
    ko = "답할 수 있는 의견이 아닙니다. 답글에는 다시 답할 수 없습니다."
    en = "This is no comment to answer. An answer is not answered again."


def add_comment(
    session: Session,
    *,
    proposal_id: UUID,
    author_id: UUID,
    text: str,
    now: datetime,
    id: UUID | None = None,  # noqa: A002 (the client's name for it)
    parent_id: UUID | None = None,
) -> tuple[Comment, bool]:
    """Say something about a proposal, or answer a comment on it; return it and whether it is new.

    :param id: chosen by the client, so that the request can be repeated.
    :param parent_id: the comment that is answered.
    :raises ProposalNotFound: when there is no such proposal.
    :raises NotCommentable: when it is in no state for it.
    :raises ParentUnknown: when what is answered is no comment on the proposal.
    :raises CommentNotShown: when what is answered was deleted or hidden.
    :raises CommentIdTaken: when the id belongs to another comment.
    """
    existing = session.get(Comment, id) if id else None
    if existing is not None:
        return _same(existing, proposal_id, author_id), False
    check_commentable(_hold_proposal(session, proposal_id))
    if parent_id is not None:
        _count_reply(session, proposal_id, parent_id)
    comment = Comment(
        id=id or new_id(),
        proposal_id=proposal_id,
        parent_id=parent_id,
        author_id=author_id,
        text=text,
        created_at=now,
    )
    with conflict_on(session, pk_comment=CommentIdTaken(field="json.id")):
        session.add(comment)
    _record(session, "comment.added", comment, author_id, now)
    return comment, True


def edit_comment(
    session: Session, *, comment_id: UUID, actor_id: UUID, text: str, now: datetime
) -> Comment:
    """Correct one's comment shortly after.

    :raises CommentNotFound: when there is none.
    :raises CommentNotShown: when it was deleted or hidden.
    :raises CommentNotEditable: when its time is over.
    """
    comment = lock_comment(session, comment_id)
    check_editable(comment, now)
    if comment.text != text:
        comment.text, comment.edited_at = text, now
        _record(session, "comment.edited", comment, actor_id, now)
    session.flush()
    return comment


def delete_comment(session: Session, *, comment_id: UUID, actor_id: UUID, now: datetime) -> None:
    """Delete one's comment; where somebody answered, its place stays, without words or name.

    :raises CommentNotFound: when there is none.
    """
    parent_id = get_comment(session, comment_id).parent_id
    # Whoever answers or deletes an answer waits at the comment that is answered, so it comes first.
    parent = lock_comment(session, parent_id) if parent_id is not None else None
    comment = lock_comment(session, comment_id)
    if comment.deleted_at is not None:
        return
    _record(session, "comment.deleted", comment, actor_id, now)
    if comment.reply_count:
        comment.text, comment.deleted_at = None, now
        session.flush()
        return
    session.delete(comment)
    session.flush()
    if parent is not None:
        _count_out(session, parent)


def _count_out(session: Session, parent: Comment) -> None:
    """Count an answer out; a place that was kept for answers alone goes with the last."""
    parent.reply_count -= 1
    if parent.reply_count == 0 and parent.deleted_at is not None:
        session.delete(parent)
    session.flush()


def _count_reply(session: Session, proposal_id: UUID, parent_id: UUID) -> None:
    parent = session.scalar(
        select(Comment)
        .where(Comment.id == parent_id, Comment.proposal_id == proposal_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    if parent is None or parent.parent_id is not None:
        raise ParentUnknown(field="json.parent_id")
    check_shown(parent)
    parent.reply_count += 1


def _hold_proposal(session: Session, proposal_id: UUID) -> Proposal:
    """Return a proposal whose state stays until the end; those who talk do not queue for it."""
    proposal = session.scalar(
        select(Proposal)
        .where(Proposal.id == proposal_id)
        .with_for_update(read=True)
        .execution_options(populate_existing=True)
    )
    if proposal is None:
        raise ProposalNotFound
    return proposal


def _same(comment: Comment, proposal_id: UUID, author_id: UUID) -> Comment:
    if (comment.proposal_id, comment.author_id) != (proposal_id, author_id):
        raise CommentIdTaken(field="json.id")
    return comment


def _record(session: Session, action: str, comment: Comment, actor_id: UUID, now: datetime) -> None:
    record(
        session,
        action=action,
        subject_type="comment",
        subject_id=comment.id,
        actor_id=actor_id,
        now=now,
        data={"proposal": str(comment.proposal_id)},
    )
