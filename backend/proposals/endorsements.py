"""Owns the backing of proposals: once per person, counted exactly."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from backend.audit.service import record
from backend.errors import Conflict, PermissionDenied
from backend.proposals.merges.carrying import make_own
from backend.proposals.merges.queries import refuse_merged
from backend.proposals.models import Endorsement, Proposal
from backend.proposals.queries import is_endorsed_by, lock_proposal
from backend.proposals.states import ENDORSABLE


class OwnProposal(PermissionDenied):
    """Nobody backs one's own proposal, nor one that they write with others."""

    code = "own_proposal_not_endorsable"
    ko = "자기 제안에는 공감할 수 없습니다."
    en = "You cannot endorse your own proposal."


class NotEndorsable(Conflict):
    """The proposal takes no new endorsements in its state."""

    code = "proposal_not_endorsable"
    ko = "심사 중이거나 채택된 제안에만 공감할 수 있습니다."
    en = "Only proposals that are under review or adopted can be endorsed."


@dataclass(frozen=True, slots=True)
class Backing:
    """Whether one person backs a proposal, and how many do."""

    endorsed: bool
    endorsement_count: int


def endorse(session: Session, *, proposal_id: UUID, account_id: UUID, now: datetime) -> Backing:
    """Back a proposal; a second time changes nothing.

    :raises ProposalNotFound: when there is none.
    :raises OwnProposal: when the person wrote it, alone or with others.
    :raises ProposalMerged: when it is a part of another one now.
    :raises NotEndorsable: when it is neither under review nor adopted.
    """
    # The lock makes endorsers queue, so that the count and the rows cannot drift apart.
    proposal = lock_proposal(session, proposal_id)
    if proposal.is_written_by(account_id):
        raise OwnProposal
    refuse_merged(session, proposal)
    make_own(session, proposal_id=proposal_id, account_id=account_id)
    if is_endorsed_by(session, proposal_id=proposal_id, account_id=account_id):
        return Backing(True, proposal.endorsement_count)
    if proposal.status not in ENDORSABLE:
        raise NotEndorsable
    session.execute(
        insert(Endorsement).values(proposal_id=proposal_id, account_id=account_id, created_at=now)
    )
    proposal.endorsement_count += 1
    _record(session, "proposal.endorsed", proposal, account_id, now)
    return Backing(True, proposal.endorsement_count)


def stop_endorsing(
    session: Session, *, proposal_id: UUID, account_id: UUID, now: datetime
) -> Backing:
    """Take one's backing back, in any state; a second time changes nothing.

    :raises ProposalNotFound: when there is none.
    :raises ProposalMerged: when it is a part of another one now.
    """
    proposal = lock_proposal(session, proposal_id)
    refuse_merged(session, proposal)
    make_own(session, proposal_id=proposal_id, account_id=account_id)
    gone = session.execute(
        delete(Endorsement)
        .where(Endorsement.proposal_id == proposal_id, Endorsement.account_id == account_id)
        .returning(Endorsement.account_id)
    ).all()
    if gone:
        proposal.endorsement_count -= 1
        _record(session, "proposal.endorsement_withdrawn", proposal, account_id, now)
    return Backing(False, proposal.endorsement_count)


def _record(
    session: Session, action: str, proposal: Proposal, account_id: UUID, now: datetime
) -> None:
    record(
        session,
        action=action,
        subject_type="proposal",
        subject_id=proposal.id,
        actor_id=account_id,
        now=now,
    )
