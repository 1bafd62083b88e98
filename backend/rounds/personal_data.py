"""Owns what rounds keep that is a person's own: what officers declared about their impartiality."""

from collections.abc import Sequence
from uuid import UUID

from backend.rounds.terms_models import DeclaredInterest
from backend.rows import Part


def export_for(account_id: UUID) -> Sequence[Part]:
    """Return which rows are a person's own.

    A declaration belongs to the round, whose decisions it vouches for, and is not erased.
    """
    return (
        Part("declared_interests", DeclaredInterest, DeclaredInterest.account_id == account_id),
    )
