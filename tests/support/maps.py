"""Owns the published round that the tests of maps and pages look at, played by the services."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.catalogue.models import Product
from backend.organizations.models import Institution
from backend.proposals.models import Proposal
from backend.rounds.models import Placement, Round
from tests.support.people import make_institution, make_overseas_institution
from tests.support.proposals import make_decided, make_submitted
from tests.support.rounds import (
    PRICE_KRW,
    announce,
    apply_for,
    make_area,
    make_offer,
    make_product,
    make_round,
    publish,
)

BUSAN = (129.0867, 35.1756)
"""(lon, lat) in `BUSAN_EMD`."""
BUSAN_EMD = "26470102"
"""부산광역시 연제구 연산동."""


@dataclass(frozen=True)
class PublishedRound:
    """One product with money for two placements: one fixed beforehand, one asked for by two.

    `near` lies in the proposer's neighbourhood and got it, `far` in Busan got nothing, `abroad`
    was fixed.
    """

    round: Round
    product: Product
    answered: Proposal
    waiting: Proposal
    near: Institution
    far: Institution
    abroad: Institution
    near_placement: Placement
    abroad_placement: Placement


def make_published_round(session: Session) -> PublishedRound:
    """Play a round from a proposal to two placements, one of them abroad, and commit."""
    answered = make_decided(session, neighbourhood_public=True)
    waiting = make_submitted(session, title="비 오는 날 보이는 차선", category="traffic")
    product = make_product(session, answers=[answered])
    near = make_institution(session)
    far = make_institution(session, name_ko="연제구보건소", site=BUSAN, emd_code=BUSAN_EMD)
    abroad = make_overseas_institution(session)
    round_ = make_round(session)
    area = make_area(session, round_, budget_krw=2 * PRICE_KRW)
    offer = make_offer(session, area, product, fixed_institution_ids=[abroad.organization_id])
    announce(session, round_)
    for institution in (near, far):
        apply_for(session, institution, offer)
    publish(session, round_)
    placed = {row.institution_id: row for row in session.scalars(select(Placement))}
    return PublishedRound(
        round=round_,
        product=product,
        answered=answered,
        waiting=waiting,
        near=near,
        far=far,
        abroad=abroad,
        near_placement=placed[near.organization_id],
        abroad_placement=placed[abroad.organization_id],
    )
