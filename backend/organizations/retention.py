"""Owns the forgetting of invitations that nobody accepted, with the addresses in them."""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from backend.organizations.models import Invitation

KEPT_FOR = timedelta(days=30)
"""After an invitation expired; who invited can still see why nobody came."""


def forget_invitations(session: Session, *, now: datetime) -> int:
    """Delete invitations that expired long ago and were never accepted; return how many."""
    gone = session.execute(
        delete(Invitation)
        .where(Invitation.accepted_at.is_(None), Invitation.expires_at <= now - KEPT_FOR)
        .returning(Invitation.id)
    )
    return len(gone.all())
