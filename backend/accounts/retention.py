"""Owns the forgetting of sign-ins and tokens that nobody can use any more."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from backend.accounts.models import RefreshToken, SignIn

FORGOTTEN_AT_ONCE = 2_000
"""Rows of a table that one transaction deletes."""


def forget_some(session: Session, *, now: datetime) -> int:
    """Delete some tokens and sign-ins whose time is over; return the larger of both numbers.

    A token that has expired needs no watching: a copy of it opens nothing. Of a sign-in the
    newest token decides.
    """
    numbers = []
    for table in (RefreshToken, SignIn):
        over = (
            select(table.id)
            .where(table.expires_at <= now)
            .order_by(table.expires_at)
            .limit(FORGOTTEN_AT_ONCE)
            .with_for_update(skip_locked=True)
        )
        gone = session.execute(delete(table).where(table.id.in_(over)).returning(table.id))
        numbers.append(len(gone.all()))
    return max(numbers)
