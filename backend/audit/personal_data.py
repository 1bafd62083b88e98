"""Owns what the audit chains tell a person about themselves; nothing of them is ever erased."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from backend.audit.models import AuditEvent
from backend.rows import ROWS_AT_ONCE, as_json


def read_events(session: Session, account_id: UUID) -> Iterator[dict[str, Any]]:
    """Yield what a person did and what was done to their account, without anybody else.

    What an event says beside that may name others, so it is left out, as is what was acted on
    where somebody else acted.
    """
    about = and_(AuditEvent.subject_type == "account", AuditEvent.subject_id == str(account_id))
    statement = (
        select(
            AuditEvent.occurred_at,
            AuditEvent.action,
            AuditEvent.subject_type,
            AuditEvent.subject_id,
            AuditEvent.actor_id,
        )
        .where(or_(AuditEvent.actor_id == account_id, about))
        .order_by(AuditEvent.occurred_at, AuditEvent.chain, AuditEvent.seq)
    )
    for event in session.execute(statement, execution_options={"yield_per": ROWS_AT_ONCE}):
        is_theirs = event.subject_type != "account" or event.subject_id == str(account_id)
        yield {
            "occurred_at": as_json(event.occurred_at),
            "action": event.action,
            "subject_type": event.subject_type,
            "subject_id": event.subject_id if is_theirs else None,
            "by_me": event.actor_id == account_id,
        }
