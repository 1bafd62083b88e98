"""Owns what the tests of merges ask and look up."""

from datetime import timedelta
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.accounts.models import Account
from backend.notifications.models import Notice
from backend.proposals.models import Endorsement, Proposal
from tests.backend.reviews.conftest import Person
from tests.support.people import BEFORE

REASON = "같은 골목의 같은 문제를 말하고 있습니다."
FIRST = BEFORE + timedelta(days=60)
LATER = FIRST + timedelta(days=5)
API = "/api/v1"


def merge(client: FlaskClient, merged: Any, survivor: Any, person: Person, **facts: Any) -> Any:
    """Ask for a merge; return the answer."""
    body = {"into": str(survivor.id), "reason": REASON, **facts}
    return client.post(f"{API}/proposals/{merged.id}/merge", json=body, headers=person.headers)


def backed(session: Session, proposal: Proposal) -> set[Any]:
    """Return who backs a proposal, provided that the count agrees."""
    rows = select(Endorsement.account_id).where(Endorsement.proposal_id == proposal.id)
    found = set(session.scalars(rows))
    session.refresh(proposal)
    assert proposal.endorsement_count == len(found)
    return found


def kinds(session: Session, account: Account) -> list[str]:
    """Return the kinds of somebody's notices, the newest first."""
    statement = select(Notice.kind).where(Notice.recipient_id == account.id)
    return list(session.scalars(statement.order_by(Notice.id.desc())))
