"""Owns how the changes of a round are put on record: by its id, and by the code people know."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from backend.audit.service import record
from backend.rounds.models import Round


def record_change(
    session: Session,
    round_: Round,
    action: str,
    *,
    actor_id: UUID | None,
    now: datetime,
    **data: Any,
) -> None:
    """Append an audit event about a round.

    :param action: such as ``round.opened``.
    :param data: what else to know, as JSON.
    """
    record(
        session,
        action=action,
        subject_type="round",
        subject_id=round_.id,
        actor_id=actor_id,
        now=now,
        data={"code": round_.code, **data},
    )
