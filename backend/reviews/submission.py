"""Owns how a proposal comes to a local government and how its author takes it back."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from backend.accounts.queries import find_residence
from backend.audit.service import record
from backend.db import new_id
from backend.notifications.service import notify
from backend.organizations.queries import get_local_government_organization
from backend.proposals.merges.service import hold_merges
from backend.proposals.models import Proposal
from backend.proposals.queries import lock_proposal
from backend.proposals.service import append_event, mark_submitted, mark_withdrawn
from backend.reviews.merges.undoing import separate_from
from backend.reviews.models import Review
from backend.reviews.naming import in_both_languages, named
from backend.reviews.neighbours import tell_neighbours
from backend.reviews.queries import find_unclosed_review
from backend.reviews.states import move


def submit_proposal(
    session: Session, *, proposal_id: UUID, actor_id: UUID, now: datetime
) -> Proposal:
    """Hand a draft in at the competent local government, or hand in what it asked for.

    :raises ProposalNotFound: when there is none.
    :raises ProposalTransition: when it is under review or closed.
    :raises ProposalIncomplete: when the problem or the place is missing.
    :raises ResidenceNotDeclared: when the author has no residence on record.
    :raises LocalGovernmentNotReady: when nobody could review it.
    :raises ConsentRequired: when the author has not agreed to what is required.
    :raises AgeNotDeclared: when the author has not said whether they are fourteen.
    :raises GuardianConsentRequired: when the author is a child whose guardian has not consented.
    """
    proposal = lock_proposal(session, proposal_id)
    is_first = not proposal.is_public
    mark_submitted(
        session, proposal, residence=find_residence(session, proposal.author_id), now=now
    )
    code = proposal.local_government_code or ""
    government = get_local_government_organization(session, code)
    if is_first:
        session.add(open_review(proposal_id=proposal_id, local_government_code=code, now=now))
    else:
        _resume_review(session, proposal_id, now)
    append_event(
        session,
        proposal_id=proposal_id,
        kind="submitted" if is_first else "resubmitted",
        actor_id=actor_id,
        data={"local_government": named(government)},
        public=True,
        now=now,
    )
    told = {"title": proposal.title, "local_government": in_both_languages(government)}
    notify(
        session,
        recipient_id=proposal.author_id,
        kind="proposal_submitted",
        subject_type="proposal",
        subject_id=proposal_id,
        params=told,
        now=now,
    )
    if is_first:
        tell_neighbours(session, proposal, "proposal_near", told, now)
    record(
        session,
        action="proposal.submitted" if is_first else "proposal.resubmitted",
        subject_type="proposal",
        subject_id=proposal_id,
        actor_id=actor_id,
        now=now,
        data={"local_government_code": code},
    )
    return proposal


def withdraw_proposal(
    session: Session, *, proposal_id: UUID, actor_id: UUID, now: datetime
) -> Proposal:
    """Take a proposal back before it is decided; what was merged into it stands by itself again.

    :raises ProposalNotFound: when there is none.
    :raises ProposalTransition: when it is a draft, decided, or withdrawn already.
    """
    hold_merges(session)
    separate_from(session, proposal_id, actor_id=actor_id, now=now)
    proposal = lock_proposal(session, proposal_id)
    mark_withdrawn(session, proposal, now=now)
    review = find_unclosed_review(session, proposal_id)
    if review is not None:
        move(review, "withdrawn", now)
    append_event(
        session,
        proposal_id=proposal_id,
        kind="withdrawn",
        actor_id=actor_id,
        data={},
        public=True,
        now=now,
    )
    record(
        session,
        action="proposal.withdrawn",
        subject_type="proposal",
        subject_id=proposal_id,
        actor_id=actor_id,
        now=now,
    )
    return proposal


def open_review(*, proposal_id: UUID, local_government_code: str, now: datetime) -> Review:
    """Return a new review, which the caller adds once the one before it is closed."""
    return Review(
        id=new_id(),
        proposal_id=proposal_id,
        local_government_code=local_government_code,
        received_at=now,
    )


def _resume_review(session: Session, proposal_id: UUID, now: datetime) -> None:
    review = find_unclosed_review(session, proposal_id)
    if review is None:
        msg = f"proposal {proposal_id} was sent back and has no review under way"
        raise RuntimeError(msg)
    move(review, "open", now)
