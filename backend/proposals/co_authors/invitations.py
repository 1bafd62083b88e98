"""Owns how somebody is invited to write a proposal together, and comes to do so.

Nobody is looked up: who invites hands the token over, which works once and is kept as its SHA-256.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from backend.audit.service import record
from backend.db import new_id
from backend.errors import Conflict, Gone
from backend.notifications.service import notify
from backend.proposals.co_authors.models import CoAuthor, CoAuthorInvitation
from backend.proposals.co_authors.queries import (
    CoAuthorInvitationNotFound,
    count_co_authors,
    digest,
    find_co_author,
    find_invitation,
    list_open_invitations,
)
from backend.proposals.endorsements import stop_endorsing
from backend.proposals.models import Proposal
from backend.proposals.queries import lock_proposal
from backend.proposals.service import append_event
from backend.proposals.states import CLOSED

MOST_CO_AUTHORS = 5
INVITATION_LIFE = timedelta(days=7)


class TooManyCoAuthors(Conflict):
    """The proposal has, or could come to have, more co-authors than anybody reads."""

    code = "too_many_co_authors"
    ko = "공동 제안자는 {most}명까지입니다. 아직 열려 있는 초대도 셉니다."
    en = "A proposal has at most {most} co-authors, open invitations included."


class AuthorsSettled(Conflict):
    """What is decided or taken back keeps the authors that it has."""

    code = "proposal_authors_settled"
    ko = "이미 끝난 제안에는 공동 제안자를 더할 수 없습니다."
    en = "Nobody joins the authors of a proposal that has been decided or withdrawn."


class AlreadyAuthor(Conflict):
    """The person writes the proposal anyway."""

    code = "already_author"
    ko = "이미 이 제안의 제안자입니다."
    en = "You are an author of this proposal already."


class CoAuthorInvitationUsed(Gone):
    """The token works once."""

    code = "co_author_invitation_used"
    ko = "이미 쓰인 초대입니다. 새 초대를 부탁해 주세요."
    en = "This invitation was used before. Ask for a new one."


class CoAuthorInvitationExpired(Gone):
    """The token works for some days."""

    code = "co_author_invitation_expired"
    ko = "기한이 지난 초대입니다. 새 초대를 부탁해 주세요."
    en = "This invitation has expired. Ask for a new one."


@dataclass(frozen=True, slots=True)
class Offer:
    """An invitation just made, and its token, which cannot be read ever again."""

    invitation: CoAuthorInvitation
    token: str


@dataclass(frozen=True, slots=True)
class CoAuthorship:
    """A proposal that somebody writes along with its author."""

    proposal: Proposal
    co_author: CoAuthor


def invite_co_author(
    session: Session, *, proposal_id: UUID, actor_id: UUID, now: datetime
) -> Offer:
    """Invite whoever gets the token to write a proposal together.

    :raises ProposalNotFound: when there is none.
    :raises AuthorsSettled: when it was decided or withdrawn.
    :raises TooManyCoAuthors: when there would be too many if all who are invited came.
    """
    proposal = lock_proposal(session, proposal_id)
    _check_open(proposal)
    invited = len(list_open_invitations(session, proposal_id=proposal_id, now=now))
    if count_co_authors(session, proposal_id) + invited >= MOST_CO_AUTHORS:
        raise TooManyCoAuthors(most=MOST_CO_AUTHORS)
    token = secrets.token_urlsafe(32)
    invitation = CoAuthorInvitation(
        id=new_id(),
        proposal_id=proposal_id,
        token_sha256=digest(token),
        invited_at=now,
        expires_at=now + INVITATION_LIFE,
    )
    session.add(invitation)
    _record(session, "proposal.co_author_invited", proposal_id, actor_id, now)
    return Offer(invitation, token)


def revoke_invitation(
    session: Session, *, proposal_id: UUID, invitation_id: UUID, actor_id: UUID, now: datetime
) -> None:
    """Take an invitation back that nobody has accepted.

    :raises ProposalNotFound: when there is no such proposal.
    :raises CoAuthorInvitationNotFound: when it has no such open invitation.
    """
    lock_proposal(session, proposal_id)
    invitation = session.get(CoAuthorInvitation, invitation_id)
    if invitation is None or invitation.proposal_id != proposal_id or invitation.accepted_at:
        raise CoAuthorInvitationNotFound
    session.delete(invitation)
    _record(session, "proposal.co_author_invitation_revoked", proposal_id, actor_id, now)


def accept_invitation(
    session: Session, *, token: str, account_id: UUID, now: datetime
) -> CoAuthorship:
    """Become a co-author by a token; the same person may repeat it.

    Who backed the proposal backs it no more: nobody backs one's own.

    :raises CoAuthorInvitationNotFound: when no invitation has the token.
    :raises CoAuthorInvitationUsed: when somebody else has used it, or the person left since.
    :raises CoAuthorInvitationExpired: when its time is over.
    :raises AuthorsSettled: when the proposal was decided or withdrawn.
    :raises AlreadyAuthor: when the person writes it anyway.
    """
    invitation = find_invitation(session, token)
    if invitation is None:
        raise CoAuthorInvitationNotFound(field="json.token")
    proposal = lock_proposal(session, invitation.proposal_id)
    # Somebody may have used it, or taken it back, before the lock was ours.
    invitation = find_invitation(session, token)
    if invitation is None:
        raise CoAuthorInvitationNotFound(field="json.token")
    present = find_co_author(session, proposal_id=proposal.id, account_id=account_id)
    if present is not None and invitation.accepted_by == account_id:
        return CoAuthorship(proposal, present)
    if invitation.accepted_at is not None:
        raise CoAuthorInvitationUsed
    if invitation.expires_at <= now:
        raise CoAuthorInvitationExpired
    _check_open(proposal)
    if present is not None or proposal.author_id == account_id:
        raise AlreadyAuthor
    invitation.accepted_at, invitation.accepted_by = now, account_id
    stop_endorsing(session, proposal_id=proposal.id, account_id=account_id, now=now)
    co_author = CoAuthor(id=new_id(), proposal_id=proposal.id, account_id=account_id, joined_at=now)
    session.add(co_author)
    session.flush()
    session.expire(proposal, ["co_authors"])
    _tell(session, proposal, account_id, now)
    return CoAuthorship(proposal, co_author)


def _check_open(proposal: Proposal) -> None:
    if proposal.status in CLOSED:
        raise AuthorsSettled


def _tell(session: Session, proposal: Proposal, account_id: UUID, now: datetime) -> None:
    append_event(
        session,
        proposal_id=proposal.id,
        kind="co_author_joined",
        actor_id=account_id,
        data={},
        public=False,
        now=now,
    )
    notify(
        session,
        recipient_id=proposal.author_id,
        kind="co_author_joined",
        subject_type="proposal",
        subject_id=proposal.id,
        params={"title": proposal.title},
        now=now,
    )
    _record(session, "proposal.co_author_joined", proposal.id, account_id, now)


def _record(
    session: Session, action: str, proposal_id: UUID, actor_id: UUID, now: datetime
) -> None:
    record(
        session,
        action=action,
        subject_type="proposal",
        subject_id=proposal_id,
        actor_id=actor_id,
        now=now,
    )
