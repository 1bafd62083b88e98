"""Owns in which states of a proposal, and of a comment, something may be said and done."""

from datetime import datetime, timedelta

from backend.errors import Conflict
from backend.proposals.comments.models import Comment
from backend.proposals.models import Proposal

COMMENTABLE = frozenset({"submitted", "supplement_requested", "adopted"})
"""States of a proposal in which people talk about it; what was said stays to be read after."""

EDITABLE_FOR = timedelta(minutes=15)
"""How long after it was said a comment may be corrected: before most have read it."""


class NotCommentable(Conflict):
    """The proposal is not one to talk about any more."""

    code = "proposal_not_commentable"
    ko = "심사 중이거나 채택된 제안에만 의견을 남길 수 있습니다."
    en = "Comments are taken on proposals that are under review or adopted only."


class CommentNotEditable(Conflict):
    """The time to correct a comment is over."""

    code = "comment_not_editable"
    ko = "의견은 남긴 뒤 {minutes}분 안에만 고칠 수 있습니다."
    en = "A comment can be corrected within {minutes} minutes only."


class CommentNotShown(Conflict):
    """The comment was deleted or hidden."""

    code = "comment_not_shown"
    ko = "지워졌거나 가려진 의견입니다."
    en = "The comment was deleted or hidden."


def check_commentable(proposal: Proposal) -> None:
    """Refuse to talk about a proposal that is over.

    :raises NotCommentable: when it is in no state for it.
    """
    if proposal.status not in COMMENTABLE:
        raise NotCommentable


def check_editable(comment: Comment, now: datetime) -> None:
    """Refuse to correct what others have read, or what is not shown.

    :raises CommentNotShown: when it was deleted or hidden.
    :raises CommentNotEditable: when its time is over.
    """
    check_shown(comment)
    if now - comment.created_at > EDITABLE_FOR:
        raise CommentNotEditable(minutes=EDITABLE_FOR // timedelta(minutes=1))


def check_shown(comment: Comment) -> None:
    """Refuse what only makes sense with a comment that everybody sees.

    :raises CommentNotShown: when it was deleted or hidden.
    """
    if comment.state != "shown":
        raise CommentNotShown
