"""Owns telling those who follow a place that a product was placed there."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from backend.notifications.areas.events import announce_nearby
from backend.rounds.models import Placement, Round


def tell_neighbours(
    session: Session, round_: Round, placements: Iterable[Placement], now: datetime
) -> None:
    """Have those told who follow the sites of published placements; sites abroad have none."""
    for placement in placements:
        if placement.site_emd_code is None:
            continue
        organization = placement.outcome.institution.organization
        announce_nearby(
            session,
            kind="placement_near",
            subject_type="placement",
            subject_id=placement.id,
            params={
                "institution": {"ko": organization.name_ko, "en": organization.name_en},
                "product": placement.outcome.offer.product.names,
                "round": round_.titles,
            },
            point=(placement.site.lon, placement.site.lat),
            emd_code=placement.site_emd_code,
            now=now,
        )
