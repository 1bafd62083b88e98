"""Owns how the job tests look at the queue and at what tasks left."""

from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from backend.audit.models import AuditEvent


def list_jobs(session: Session) -> list[tuple[Any, ...]]:
    """Return task name, status and attempts of each job, oldest first."""
    statement = text("SELECT task_name, status::text, attempts FROM procrastinate_jobs ORDER BY id")
    return [tuple(row) for row in session.execute(statement)]


def list_notes(session: Session) -> list[str]:
    """Return the subjects that `tests.note` ran for, in that order."""
    query = select(AuditEvent.subject_id).where(AuditEvent.action == "tests.note")
    return list(session.scalars(query.order_by(AuditEvent.seq)))
