"""Owns telling those who follow a place that a proposal about it was submitted, or adopted."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from backend.notifications.areas.events import announce_nearby
from backend.proposals.models import Proposal


def tell_neighbours(
    session: Session, proposal: Proposal, kind: str, params: Mapping[str, Any], now: datetime
) -> None:
    """Have those told who follow the place of a proposal; its public point alone counts.

    :param kind: ``proposal_near`` or ``adoption_near``.
    """
    place = proposal.public_place
    if place is None:
        return
    announce_nearby(
        session,
        kind=kind,
        subject_type="proposal",
        subject_id=proposal.id,
        params=params,
        point=(place.lon, place.lat),
        emd_code=place.emd.code,
        now=now,
    )
