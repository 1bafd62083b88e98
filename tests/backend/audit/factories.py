"""Owns the events of the audit tests, and how somebody with the keys would tamper with them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from backend.audit.models import AuditEvent
from backend.audit.service import record

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


def append(session: Session, **changes: Any) -> AuditEvent:
    """Append an event, of which only `changes` matter."""
    values: dict[str, Any] = {
        "action": "proposal.submit",
        "subject_type": "proposal",
        "subject_id": "7",
        "actor_id": None,
        "now": NOW,
    }
    return record(session, **(values | changes))


def tamper(session: Session, statement: str, **parameters: Any) -> None:
    """Run a statement as the owner of the table can, its triggers out of the way."""
    with without_triggers(session):
        session.execute(text(statement), parameters)


@contextmanager
def without_triggers(session: Session) -> Iterator[None]:
    """Take the triggers of the audit tables away for the block."""
    for verb in ("DISABLE", "ENABLE"):
        for table in ("audit_event", "audit_published_head"):
            session.execute(text(f"ALTER TABLE {table} {verb} TRIGGER USER"))
        if verb == "DISABLE":
            yield
    session.expire_all()
