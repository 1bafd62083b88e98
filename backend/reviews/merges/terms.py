"""Owns until when a merge can be undone, and objected to."""

from datetime import datetime
from zoneinfo import ZoneInfo

from backend.errors import Conflict
from backend.proposals.merges.models import ProposalMerge

SEOUL = ZoneInfo("Asia/Seoul")


class UndoTermOver(Conflict):
    """The merge was made too long ago."""

    code = "merge_undo_term_over"
    ko = "병합한 지 30일이 지나 되돌릴 수 없습니다."
    en = "The merge is more than 30 days old and cannot be undone."


def last_moment(merge: ProposalMerge) -> str:
    """Return until when a merge can be undone as notices name it, in Korean time."""
    return merge.undo_ends_at.astimezone(SEOUL).strftime("%Y-%m-%d %H:%M")


def check_term(merge: ProposalMerge, now: datetime) -> None:
    """Refuse what comes too late.

    :raises UndoTermOver: when the term is over.
    """
    if now >= merge.undo_ends_at:
        raise UndoTermOver
