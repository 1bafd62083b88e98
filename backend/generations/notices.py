"""Owns telling people whose record a change of the boundaries left unclear."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.notifications.service import notify
from backend.proposals.queries import list_proposals
from backend.regions.changes import Change
from backend.regions.models import BoundaryCase

NOTICES = {
    "residence": "residence_unclear",
    "proposal": "proposal_place_unclear",
    "proposal_residence": "proposal_residence_unclear",
}
"""What a person is told, by the type of their record."""


def tell_people(session: Session, change: Change, now: datetime) -> int:
    """Tell everybody with a case what happened, why and what is next; return how many notices."""
    cases = session.scalars(
        select(BoundaryCase)
        .where(BoundaryCase.change_id == change.id, BoundaryCase.account_id.is_not(None))
        .order_by(BoundaryCase.subject_type, BoundaryCase.subject_id)
    ).all()
    about = {case.subject_id for case in cases if case.subject_type.startswith("proposal")}
    titles = {proposal.id: proposal.title for proposal in list_proposals(session, about)}
    for case in cases:
        if case.account_id is None:
            continue
        params = {"codes": ", ".join(case.codes)}
        if case.subject_id in titles:
            params["title"] = titles[case.subject_id]
        notify(
            session,
            recipient_id=case.account_id,
            kind=NOTICES[case.subject_type],
            subject_type=case.subject_type,
            subject_id=case.subject_id,
            params=params,
            now=now,
        )
    session.flush()
    return len(cases)
