"""Owns the story of one place: what was proposed, what came of it, and why it went there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.catalogue.models import Product
from backend.maps.queries import (
    Features,
    Filter,
    answered_proposals,
    list_placements,
    list_proposals,
    listed,
    placed_within,
    placement_stands,
    select_placements,
    select_proposals,
)
from backend.maps.statistics import Counts
from backend.proposals.merges.queries import refuse_merged
from backend.proposals.models import Proposal
from backend.proposals.queries import ProposalNotFound, get_proposal
from backend.regions import service as regions
from backend.rounds.models import MatchingRun, Offer, Placement
from backend.rounds.reasons import NOTHING_SINCE, TAKEN, reason_of
from backend.rounds.results import PlacementNotFound
from geo.regions import Generation, LocalGovernment, Region

MOST_IN_STORY = 50
"""Placements or proposals that one story tells of."""


@dataclass(frozen=True, slots=True)
class PlacementStory:
    """One placement, the proposals behind it, and the reason in both languages."""

    placement: Any
    product: Product
    run: MatchingRun
    proposals: Sequence[Any]
    explanation: dict[str, str]


@dataclass(frozen=True, slots=True)
class ProposalStory:
    """One proposal and the placements of the products that answer it."""

    proposal: Any
    placements: Features


@dataclass(frozen=True, slots=True)
class ExplainedPlacement:
    """A placement with its reason in both languages."""

    placement: Any
    explanation: dict[str, str]


@dataclass(frozen=True, slots=True)
class RegionStory:
    """A region, what there is in it, and the newest of that."""

    region: Region
    local_government: LocalGovernment
    generation: Generation
    as_of: datetime
    counts: Counts
    placements: Sequence[ExplainedPlacement]
    placements_truncated: bool
    proposals: Features


def tell_placement(session: Session, placement_id: UUID) -> PlacementStory:
    """Return the story of a placement.

    :raises PlacementNotFound: when there is none, or its plan was superseded.
    """
    placement = session.execute(
        select_placements().where(Placement.id == placement_id)
    ).one_or_none()
    if placement is None:
        raise PlacementNotFound
    run = session.get_one(MatchingRun, placement.run_id)
    return PlacementStory(
        placement=placement,
        product=session.get_one(Product, placement.product_id),
        run=run,
        proposals=answered_proposals(session, placement.product_id, MOST_IN_STORY),
        explanation=explain_placement(session, placement),
    )


def explain_placement(session: Session, placement: Any) -> dict[str, str]:
    """Say why a placement went where it did.

    :return: ``{"ko": ..., "en": ...}``.
    """
    key = placement.institution_id, placement.offer_id
    return reason_of(
        session,
        run_id=placement.run_id,
        institution_id=placement.institution_id,
        offer_id=placement.offer_id,
        changes={key: TAKEN} if placement.vacancy_id else NOTHING_SINCE,
    )


def tell_proposal(session: Session, proposal_id: UUID) -> ProposalStory:
    """Return the story of a proposal.

    :raises ProposalNotFound: when there is none that everybody may see.
    :raises ProposalMerged: when it is a part of another one now, which has the story.
    """
    statement = select_proposals().where(Proposal.id == proposal_id)
    proposal = session.execute(statement).one_or_none()
    if proposal is None:
        refuse_merged(session, get_proposal(session, proposal_id))
        raise ProposalNotFound
    placements = list_placements(session, Filter(limit=MOST_IN_STORY, proposal_id=proposal_id))
    return ProposalStory(proposal, placements)


def tell_region(session: Session, code: str, *, now: datetime) -> RegionStory:
    """Return the story of a region.

    :param code: region code, or ten digits of a legal dong.
    :raises RegionNotFound: when no region in force has it.
    :raises BoundariesNotLoaded: when there are no boundaries.
    """
    detail = regions.get_region(session, code)
    wanted = Filter(limit=MOST_IN_STORY, region_code=detail.region.code)
    placed = list_placements(session, wanted)
    return RegionStory(
        region=detail.region,
        local_government=detail.local_government,
        generation=detail.generation,
        as_of=now,
        counts=_count_within(session, detail.region.code),
        placements=[
            ExplainedPlacement(row, explain_placement(session, row)) for row in placed.features
        ],
        placements_truncated=placed.truncated,
        proposals=list_proposals(session, wanted),
    )


def _count_within(session: Session, region_code: str) -> Counts:
    placements, amount_krw = session.execute(
        select(func.count(), func.coalesce(func.sum(Offer.unit_price_krw), 0))
        .select_from(Placement)
        .join(MatchingRun, Placement.run_id == MatchingRun.id)
        .join(Offer, Placement.offer_id == Offer.id)
        .where(placement_stands(), placed_within(region_code))
    ).one()
    proposals = session.scalar(
        select(func.count()).where(
            listed(),
            Proposal.emd_code.startswith(region_code, autoescape=True),
        )
    )
    return Counts(placements, int(amount_krw), proposals or 0)
