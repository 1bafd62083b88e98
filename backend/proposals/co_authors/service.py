"""Owns how a co-author ceases to be one: by leaving, or by being taken off a draft."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from backend.audit.service import record
from backend.errors import Conflict, PermissionDenied
from backend.notifications.service import notify
from backend.proposals.co_authors.queries import get_co_author
from backend.proposals.queries import lock_proposal
from backend.proposals.service import append_event


class CoAuthorStays(Conflict):
    """Who is credited with what was submitted is not taken off it by somebody else."""

    code = "co_author_stays"
    ko = "제출한 제안에서 공동 제안자를 뺄 수 없습니다. 본인만 나갈 수 있습니다."
    en = "Nobody is taken off a submitted proposal; a co-author can only leave."


class NotYoursToRemove(PermissionDenied):
    """A co-author decides about oneself alone."""

    code = "co_author_not_yours_to_remove"
    ko = "다른 공동 제안자를 뺄 수 없습니다. 처음 제안한 사람만 초안에서 뺄 수 있습니다."
    en = "You cannot remove another co-author. Only the first author can, from a draft."


def end_co_authorship(
    session: Session, *, proposal_id: UUID, co_author_id: UUID, actor_id: UUID, now: datetime
) -> None:
    """Leave a proposal at any time, or remove a co-author from one's draft.

    :raises ProposalNotFound: when there is no such proposal.
    :raises CoAuthorNotFound: when it has no such co-author.
    :raises NotYoursToRemove: when the caller is another co-author.
    :raises CoAuthorStays: when the author would remove somebody after the submission.
    """
    proposal = lock_proposal(session, proposal_id)
    co_author = get_co_author(session, proposal_id=proposal_id, co_author_id=co_author_id)
    leaves = co_author.account_id == actor_id
    if not leaves and proposal.author_id != actor_id:
        raise NotYoursToRemove
    if not leaves and proposal.status != "draft":
        raise CoAuthorStays
    session.delete(co_author)
    session.flush()
    session.expire(proposal, ["co_authors"])
    kind = "co_author_left" if leaves else "co_author_removed"
    append_event(
        session,
        proposal_id=proposal_id,
        kind=kind,
        actor_id=actor_id,
        data={},
        public=False,
        now=now,
    )
    notify(
        session,
        recipient_id=proposal.author_id if leaves else co_author.account_id,
        kind=kind,
        subject_type="proposal",
        subject_id=proposal_id,
        params={"title": proposal.title},
        now=now,
    )
    record(
        session,
        action=f"proposal.{kind}",
        subject_type="proposal",
        subject_id=proposal_id,
        actor_id=actor_id,
        now=now,
    )
