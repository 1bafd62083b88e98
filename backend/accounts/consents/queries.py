"""Owns how consents are read."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.accounts.consents.models import Consent
from backend.pagination import Page, paginate


def latest_consents(session: Session, account_id: UUID) -> Mapping[str, Consent]:
    """Return what a person said last to each document, by the document's key."""
    latest = (
        select(func.max(Consent.id))
        .where(Consent.account_id == account_id)
        .group_by(Consent.document)
    )
    statement = select(Consent).where(Consent.id.in_(latest))
    return {consent.document: consent for consent in session.scalars(statement)}


def list_consents(session: Session, *, account_id: UUID, limit: int, after: str | None) -> Page:
    """Return all that a person ever said to a document, the latest first."""
    statement = select(Consent).where(Consent.account_id == account_id)
    return paginate(session, statement, Consent.id, limit=limit, after=after, descending=True)
