"""Owns the published round that the tests of fairness ask about, played by the services."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from backend.catalogue.models import Product
from backend.organizations.models import Institution
from backend.proposals.models import Proposal
from backend.rounds.models import MatchingRun, Offer, Round
from backend.rounds.offer_withdrawals import withdraw_offer
from tests.conftest import NOW
from tests.support.maps import BUSAN, BUSAN_EMD
from tests.support.people import make_institution
from tests.support.proposals import make_decided
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

RURAL = (127.0315, 37.9958)
"""(lon, lat) in `RURAL_EMD`."""
WITHDRAWAL_REASON = "핵심 부품의 생산이 중단되었습니다."
RURAL_EMD = "41800253"
"""경기도 연천군 전곡읍."""


@dataclass(frozen=True)
class Played:
    """Three offers with money for two placements, and who asked for what.

    `bell` answers a proposal from `CITY_HALL_EMD` and has room for one: `near` got it, `busan` was
    refused and got nothing. `lamp` went to `rural`. Nobody asked for `robot`.
    """

    round: Round
    run: MatchingRun
    answered: Proposal
    products: dict[str, Product]
    offers: dict[str, Offer]
    near: Institution
    busan: Institution
    rural: Institution


def play(session: Session, *, taken_back: str = "") -> Played:
    """Play the round from a proposal to its publication, and commit.

    :param taken_back: the product that its supplier withdraws while the window is open.
    """
    answered = make_decided(session, neighbourhood_public=True)
    products = {
        "bell": make_product(session, answers=[answered], name_ko="비상벨", name_en="Bell"),
        "lamp": make_product(session, name_ko="조명", name_en="Lamp"),
        "robot": make_product(session, name_ko="로봇", name_en="Robot"),
    }
    near = make_institution(session)
    busan = make_institution(session, name_ko="연제구보건소", site=BUSAN, emd_code=BUSAN_EMD)
    rural = make_institution(
        session,
        name_ko="전곡읍사무소",
        institution_type="community_office",
        site=RURAL,
        emd_code=RURAL_EMD,
        jurisdiction_codes=[RURAL_EMD],
    )
    round_ = make_round(session)
    area = make_area(session, round_, budget_krw=3 * PRICE_KRW)
    offers = {
        name: make_offer(session, area, product, max_placements=1)
        for name, product in products.items()
    }
    announce(session, round_)
    apply_for(session, near, offers["bell"])
    apply_for(session, busan, offers["bell"])
    apply_for(session, rural, offers["lamp"])
    if taken_back:
        withdraw_offer(
            session,
            round_id=round_.id,
            offer_id=offers[taken_back].id,
            reason=WITHDRAWAL_REASON,
            actor_id=None,
            now=NOW,
        )
        session.commit()
    run = publish(session, round_)
    return Played(round_, run, answered, products, offers, near, busan, rural)
