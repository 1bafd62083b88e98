"""Owns the writing of placements: by a plan at its publication, and by a vacancy afterwards."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.db import new_id
from backend.errors import Conflict
from backend.rounds.models import Application, Outcome, Placement
from backend.rounds.plan_states import RunSuperseded
from backend.rounds.results import PlacementNotFound
from geo.regions.codes import SIGUNGU_DIGITS


class PlacementEnded(Conflict):
    """The institution gave the placement up before."""

    code = "placement_ended"
    ko = "계약 전에 반납되어 끝난 배정입니다."
    en = "The placement was given up before its contract and has ended."


def place(
    session: Session,
    taken: Sequence[tuple[Outcome, str]],
    *,
    now: datetime,
    vacancy_id: UUID | None = None,
) -> list[Placement]:
    """Write placements at the sites that their applications name, or at the institutions' own.

    :param taken: outcomes, each with the type of the seat that its institution takes.
    :param vacancy_id: by which they come; None by the plan itself.
    :returns: the placements, in the order of `taken`.
    """
    wanted = [outcome.application_id for outcome, _ in taken if outcome.application_id]
    rows = session.scalars(select(Application).where(Application.id.in_(wanted)))
    applications = {row.id: row for row in rows}
    placed = []
    for outcome, seat in taken:
        site = (
            outcome.institution
            if outcome.application_id is None
            else applications[outcome.application_id]
        )
        emd_code = site.site_emd_code
        placed.append(
            Placement(
                id=new_id(),
                run_id=outcome.run_id,
                outcome_id=outcome.id,
                offer_id=outcome.offer_id,
                product_id=outcome.offer.product_id,
                institution_id=outcome.institution_id,
                seat=seat,
                residence_tier=outcome.residence_tier,
                site_geom=site.site_geom,
                site_emd_code=emd_code,
                sigungu_code=emd_code[:SIGUNGU_DIGITS] if emd_code else None,
                generation_id=site.generation_id,
                placed_at=now,
                vacancy_id=vacancy_id,
            )
        )
    session.add_all(placed)
    session.flush()
    return placed


def get_placement(session: Session, round_id: UUID, placement_id: UUID) -> Placement:
    """Return a placement of a round as it is now, whether or not it stands.

    :raises PlacementNotFound: when the round has no such placement.
    """
    placement = session.get(Placement, placement_id, populate_existing=True)
    if placement is None or placement.run.round_id != round_id:
        raise PlacementNotFound
    return placement


def get_standing_placement(session: Session, round_id: UUID, placement_id: UUID) -> Placement:
    """Return a placement of a round that stands; the caller holds the round.

    :raises PlacementNotFound: when the round has no such placement.
    :raises RunSuperseded: when its plan does not stand any more.
    :raises PlacementEnded: when it was given up.
    """
    placement = get_placement(session, round_id, placement_id)
    session.refresh(placement.run, ["superseded_at"])
    if placement.run.superseded_at is not None:
        raise RunSuperseded
    if placement.ended_at is not None:
        raise PlacementEnded
    return placement
