"""Owns what people hear when a vacant placement was passed on: institutions and proposers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.auth.identity import Role
from backend.notifications.service import notify
from backend.organizations.queries import list_staff_ids
from backend.rounds.models import Outcome, Placement, Round, Vacancy
from backend.rounds.proposers import tell_passed_on


@dataclass(frozen=True, slots=True)
class Move:
    """One step of a vacancy.

    :param left: outcome of the institution that leaves the placement.
    :param taken: outcome of the one that takes it; None when nobody does.
    :param seat: type of the seat of the taker.
    """

    left: Outcome
    taken: Outcome | None
    seat: str | None


def tell_moves(
    session: Session,
    round_: Round,
    vacancy: Vacancy,
    moves: Sequence[Move],
    *,
    actor_id: UUID,
    now: datetime,
) -> None:
    """Tell the institution that left, those that take a placement, and the proposers behind both.

    :param moves: in the order of the vacancy's steps; each after the first is of a placement that
        the taker of the one before gives up.
    """
    left = moves[0].left
    _send(session, round_, left, "placement_given_up", now, reason=vacancy.reason)
    for move, following in zip(moves, [*moves[1:], None], strict=True):
        if move.taken is None:
            continue
        if following is None:
            _send(session, round_, move.taken, "placement_passed_on", now)
        else:
            given_up = following.left.offer.product.names
            _send(session, round_, move.taken, "placement_exchanged", now, given_up=given_up)
    counts = _count_placements(session, vacancy.run_id)
    products = {
        move.left.offer.product_id: counts.get(move.left.offer.product_id, 0) for move in moves
    }
    tell_passed_on(session, round_, products, actor_id=actor_id, now=now)


def _count_placements(session: Session, run_id: UUID) -> dict[UUID, int]:
    rows = session.execute(
        select(Placement.product_id, func.count())
        .where(Placement.run_id == run_id, Placement.ended_at.is_(None))
        .group_by(Placement.product_id)
    )
    return dict(rows.all())


def _send(
    session: Session, round_: Round, outcome: Outcome, kind: str, now: datetime, **params: Any
) -> None:
    for account_id in list_staff_ids(session, outcome.institution_id, Role.APPLICANT):
        notify(
            session,
            recipient_id=account_id,
            kind=kind,
            subject_type="round",
            subject_id=round_.id,
            params={"round": round_.titles, "product": outcome.offer.product.names, **params},
            now=now,
        )
