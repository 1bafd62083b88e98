"""Owns the erasure of what reviews keep in a person's own words: objections to merges."""

from uuid import UUID

from sqlalchemy import literal, select, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from backend.notifications.models import Notice
from backend.proposals.events import ProposalEvent
from backend.proposals.models import Proposal

OBJECTED = "merge_objected"
"""Kind of the event, and of the notice to the office."""

ERASED_REASON = "(탈퇴한 이웃의 글로, 지워졌습니다.)"
"""What stands in place of the person's words."""


def erase_for(session: Session, account_id: UUID) -> None:
    """Delete why a person objected to merges, where it is kept and where the office was told."""
    own = select(Proposal.id).where(Proposal.author_id == account_id)
    silence = literal({"reason": ERASED_REASON}, JSONB)
    session.execute(
        update(ProposalEvent)
        .where(ProposalEvent.kind == OBJECTED, ProposalEvent.proposal_id.in_(own))
        .values(data=ProposalEvent.data.op("||")(silence))
    )
    session.execute(
        update(Notice)
        .where(Notice.kind == OBJECTED, Notice.subject_id.in_(own))
        .values(params=Notice.params.op("||")(silence))
    )
