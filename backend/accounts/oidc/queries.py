"""Owns how attempts and identities are read."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.accounts.oidc.models import ExternalIdentity, SignInAttempt


def lock_attempt(session: Session, attempt_id: UUID) -> SignInAttempt | None:
    """Return an attempt, locked until the transaction ends."""
    return session.scalar(
        select(SignInAttempt).where(SignInAttempt.id == attempt_id).with_for_update()
    )


def find_identity(session: Session, subject_hmac: str) -> ExternalIdentity | None:
    """Return who somebody at a provider is here."""
    return session.scalar(
        select(ExternalIdentity).where(ExternalIdentity.subject_hmac == subject_hmac)
    )


def list_identities(session: Session, account_id: UUID) -> Sequence[ExternalIdentity]:
    """Return the providers that an account can be signed in with, the first one first."""
    return session.scalars(
        select(ExternalIdentity)
        .where(ExternalIdentity.account_id == account_id)
        .order_by(ExternalIdentity.id)
    ).all()
