"""Owns the rules of taking wishes back: one or all of an institution's, or those for an offer."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from backend.audit.service import record
from backend.rounds.applications import enter_window
from backend.rounds.models import Application
from backend.rounds.queries import ApplicationNotFound

_BEYOND = 1_000_000
"""More than any ranking is long: positions go there on their way, so that no two ever meet."""


def withdraw_application(
    session: Session,
    *,
    round_id: UUID,
    institution_id: UUID,
    application_id: UUID,
    actor_id: UUID | None,
    now: datetime,
) -> None:
    """Take one application back; those below it move up.

    :raises ApplicationNotFound: when the institution has no such application that stands.
    :raises DomainError: as `applications.enter_window`.
    """
    _withdraw(session, round_id, institution_id, actor_id, now=now, only_id=application_id)


def withdraw_ranking(
    session: Session, *, round_id: UUID, institution_id: UUID, actor_id: UUID | None, now: datetime
) -> None:
    """Take back all that an institution asks for in a round.

    :raises ApplicationNotFound: when it asks for nothing.
    :raises DomainError: as `applications.enter_window`.
    """
    _withdraw(session, round_id, institution_id, actor_id, now=now, only_id=None)


def withdraw_for_offer(session: Session, offer_id: UUID, now: datetime) -> set[UUID]:
    """Let the applications for an offer fall out of their rankings; those below them move up.

    The caller holds the round's lock alone, so that no ranking changes meanwhile.

    :return: the institutions that had asked for it.
    """
    rows = list(
        session.scalars(
            select(Application).where(
                Application.offer_id == offer_id, Application.withdrawn_at.is_(None)
            )
        )
    )
    for row in rows:
        row.withdrawn_at = now
    institution_ids = {row.institution_id for row in rows}
    if rows:
        _close_gaps(session, rows[0].round_id, institution_ids)
    return institution_ids


def _withdraw(
    session: Session,
    round_id: UUID,
    institution_id: UUID,
    actor_id: UUID | None,
    *,
    now: datetime,
    only_id: UUID | None,
) -> None:
    round_, _ = enter_window(session, round_id=round_id, institution_id=institution_id, now=now)
    statement = select(Application).where(
        Application.round_id == round_id,
        Application.institution_id == institution_id,
        Application.withdrawn_at.is_(None),
    )
    if only_id is not None:
        statement = statement.where(Application.id == only_id)
    rows = list(session.scalars(statement.order_by(Application.position)))
    if not rows:
        raise ApplicationNotFound
    for row in rows:
        row.withdrawn_at, row.withdrawn_by = now, actor_id
    _close_gaps(session, round_id, {institution_id})
    record(
        session,
        action="applications.withdrawn",
        subject_type="institution",
        subject_id=institution_id,
        actor_id=actor_id,
        now=now,
        chain=str(institution_id),
        data={"round": round_.code, "offers": [str(row.offer_id) for row in rows]},
    )


def _close_gaps(session: Session, round_id: UUID, institution_ids: set[UUID]) -> None:
    """Number the standing applications of some institutions from one on, in their order."""
    session.flush()
    standing = (
        Application.round_id == round_id,
        Application.institution_id.in_(institution_ids),
        Application.withdrawn_at.is_(None),
    )
    place = (
        func.row_number()
        .over(partition_by=Application.institution_id, order_by=Application.position)
        .label("place")
    )
    ranked = select(Application.id, place).where(*standing).subquery()
    # Two steps, because positions are unique at every moment among the applications that stand.
    for offset in (_BEYOND, 0):
        session.execute(
            update(Application)
            .where(Application.id == ranked.c.id, *standing)
            .values(position=ranked.c.place + offset)
            .execution_options(synchronize_session="fetch")
        )
