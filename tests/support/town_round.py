"""Owns the round of the town: the proposal is answered, placed, given back in part, objected to."""

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.catalogue.designations import designate
from backend.objections.service import file_objection
from backend.organizations.models import Institution
from backend.proposals.models import Proposal
from backend.rounds.models import FrozenInputs, MatchingRun, Outcome, Placement, Round
from backend.rounds.vacancies import withdraw_placement
from geo.regions import get_region
from tests.support.people import (
    make_applicant,
    make_institution,
    make_overseas_institution,
)
from tests.support.rounds import (
    CLOSED,
    OPENS_AT,
    PRICE_KRW,
    announce,
    apply_for,
    make_area,
    make_offer,
    make_product,
    make_round,
    publish,
)
from tests.support.town_facts import BUSAN, CODE, EMD, HOMES, MIA, Town


def hold_round(session: Session, town: Town, answered: Proposal) -> None:
    """Have the proposal answered by a product that is placed, and given back in part."""
    product = make_product(
        session, answers=[answered], designated_on=None, name_ko="알리미", name_en="Alert"
    )
    designate(
        session,
        product_id=product.id,
        track="FT3",
        designation_type=2,
        certificate_number="2025-77",
        designated_on=date(2025, 1, 2),
        actor_id=None,
        now=OPENS_AT,
    )
    region = get_region(session, EMD)
    near = make_institution(
        session,
        name_ko="수유보건소",
        site=(region.lon, region.lat),
        emd_code=EMD,
        jurisdiction_codes=[HOMES[0]],
    )
    beside = make_institution(session, name_ko="미아주민센터", site=MIA, emd_code=HOMES[0])
    far = make_institution(session, name_ko="연제구보건소", **BUSAN)
    abroad = make_overseas_institution(session)
    round_ = make_round(session, code=CODE, title_ko="마을 차수", title_en="Round of the town")
    area = make_area(session, round_, budget_krw=3 * PRICE_KRW)
    offer = make_offer(session, area, product, fixed_institution_ids=[abroad.organization_id])
    announce(session, round_)
    for institution in (near, beside, far):
        apply_for(session, institution, offer)
    run = publish(session, round_)
    town.people["applicant"] = make_applicant(session, far, "applicant@far.example")
    town.know("institution_id", near.organization_id, far.organization_id)
    _know_round(session, town, round_, run, beside)
    town.know("product_id", product.id)
    town.know("organization_id", near.organization_id, abroad.organization_id)
    _object(session, town, round_)


def _know_round(
    session: Session, town: Town, round_: Round, run: MatchingRun, leaving: Institution
) -> None:
    town.know("round_id", round_.id)
    town.know("run_id", run.id)
    town.know("inputs_id", session.scalars(select(FrozenInputs.id)).one())
    placements = session.scalars(select(Placement).order_by(Placement.id)).all()
    given_up = next(one for one in placements if one.institution_id == leaving.organization_id)
    vacancy = withdraw_placement(
        session,
        round_id=round_.id,
        placement_id=given_up.id,
        reason="설치할 건물이 철거됩니다.",
        actor_id=town.people["officer"].id,
        now=CLOSED + timedelta(hours=1),
    )
    town.know("vacancy_id", vacancy.id)
    town.know("placement_id", *(one.id for one in placements if one is not given_up))
    session.commit()


def _object(session: Session, town: Town, round_: Round) -> None:
    outcome = session.scalars(select(Outcome).order_by(Outcome.id)).first()
    assert outcome is not None
    objection = file_objection(
        session,
        round_id=round_.id,
        outcome_id=outcome.id,
        reason=f"{town.secrets.mark} 저는 다르게 생각합니다.",
        actor_id=town.people["author"].id,
        now=CLOSED + timedelta(hours=2),
    )
    town.know("objection_id", objection.id)
    session.commit()
