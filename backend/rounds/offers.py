"""Owns the rules of a draft round's budget areas and offers."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from backend.catalogue.queries import answered_proposals, get_product
from backend.db import conflict_on, new_id
from backend.errors import Conflict, Invalid
from backend.organizations.models import Institution
from backend.rounds import states
from backend.rounds.models import BudgetArea, FixedInstitution, Offer, Round
from backend.rounds.policy import DEFAULT_MAX_PLACEMENTS, default_seats
from backend.rounds.queries import get_area, get_offer, lock_round
from backend.rounds.rules import FIXED_SKIPS_MATCHING, check_product
from backend.rounds.service import check_demands, ensure_runnable
from backend.rounds.trail import record_change
from backend.rounds.transfers import has_transfers


class AreaKeyTaken(Conflict):
    """The round has an area with that key."""

    code = "budget_area_key_taken"
    ko = "이 차수에 이미 있는 예산 분야입니다."
    en = "The round has an area with this key."


class AreaInUse(Conflict):
    """Offers draw on the area, or money was transferred from or to it."""

    code = "budget_area_in_use"
    ko = "대상 제품이나 예산 이체 내역이 있는 예산 분야는 지울 수 없습니다."
    en = "An area with offers or transfers cannot be removed."


class ProductOffered(Conflict):
    """The area offers the product already."""

    code = "product_offered_already"
    ko = "이 예산 분야에 이미 올린 제품입니다."
    en = "The area offers this product already."


class FixedInstitutionUnknown(Invalid):
    """A fixed institution is none, or exists no more."""

    code = "fixed_institution_unknown"
    ko = "시범사용기관으로 등록된 기관이 아닙니다: {institution_id}"
    en = "This is no institution of today: {institution_id}"


class FixedInstitutionsMissing(Invalid):
    """An offer that takes no applications is for somebody (rule `fixed_skips_matching`)."""

    code = "fixed_institutions_missing"
    ko = "신청을 받지 않는 제품에는 시범사용기관을 정해 주세요(규칙 {rule})."
    en = "An offer without applications names its institutions (rule {rule})."


def add_area(
    session: Session,
    *,
    round_id: UUID,
    key: str,
    name_ko: str,
    name_en: str,
    budget_krw: int,
    actor_id: UUID | None,
    now: datetime,
    vat_included: bool = True,
    budget_year: int | None = None,
    is_sample: bool = False,
) -> BudgetArea:
    """Give a draft round a pot of money.

    :param key: short name such as ``citizen``; the area's id in the published files.
    :param budget_krw: what it has at first, in won.
    :param vat_included: whether VAT is part of its money and of the prices of its offers.
    :param budget_year: year of the budget; the round's own when None.
    :raises RoundNotFound: when there is no such round.
    :raises RoundNotDraft: when it was announced.
    :raises AreaKeyTaken: when the round has an area with the key.
    """
    round_ = _lock_draft(session, round_id)
    area = BudgetArea(
        id=new_id(),
        round_id=round_id,
        key=key,
        name_ko=name_ko,
        name_en=name_en,
        budget_krw=budget_krw,
        initial_krw=budget_krw,
        vat_included=vat_included,
        budget_year=budget_year or round_.programme_year,
        is_sample=is_sample,
    )
    with conflict_on(session, uq_budget_area_round_id_key=AreaKeyTaken(field="json.key")):
        session.add(area)
    record_change(
        session,
        round_,
        "round.area_added",
        actor_id=actor_id,
        now=now,
        key=key,
        budget_krw=budget_krw,
        vat_included=vat_included,
        budget_year=area.budget_year,
    )
    return area


def remove_area(
    session: Session, *, round_id: UUID, area_id: UUID, actor_id: UUID | None, now: datetime
) -> None:
    """Take an area without offers out of a draft round.

    :raises RoundNotDraft: when the round was announced.
    :raises AreaNotFound: when the round has no such area.
    :raises AreaInUse: when it has offers, or money went from or to it.
    """
    round_ = _lock_draft(session, round_id)
    area = get_area(session, round_id, area_id)
    if session.scalar(select(Offer.id).where(Offer.area_id == area_id).limit(1)) is not None:
        raise AreaInUse
    if has_transfers(session, area_id):
        raise AreaInUse
    session.delete(area)
    record_change(
        session,
        round_,
        "round.area_removed",
        actor_id=actor_id,
        now=now,
        key=area.key,
    )


def add_offer(
    session: Session,
    *,
    round_id: UUID,
    area_id: UUID,
    product_id: UUID,
    actor_id: UUID | None,
    now: datetime,
    unit_price_krw: int | None = None,
    max_placements: int = DEFAULT_MAX_PLACEMENTS,
    seats: Mapping[str, Any] | None = None,
    cap_group: str | None = None,
    fixed_institution_ids: Collection[UUID] = (),
    takes_applications: bool = True,
    policy_demands: Collection[str] = (),
) -> Offer:
    """Offer a product in an area of a draft round.

    :param unit_price_krw: price of one placement; the product's own when not given.
    :param seats: seat type -> number or ``"all"``; the default of the product's kind when None.
    :param fixed_institution_ids: institutions that asked for the product in the first place and
        skip the matching.
    :param takes_applications: False for an offer that is for the fixed institutions alone.
    :param policy_demands: keys of the ministries' demands that it answers, of the round's policy.
    :raises RoundNotDraft: when the round was announced.
    :raises AreaNotFound: when the round has no such area.
    :raises ProductNotFound: when there is no such product.
    :raises DesignationNotValid: when the product's designation does not hold today.
    :raises ProductPiloted: when it was piloted before, and the area is not exempt.
    :raises ProductOffered: when the area offers the product already.
    :raises FixedInstitutionUnknown: when a fixed institution is none.
    :raises FixedInstitutionsMissing: when nobody could get it.
    :raises PolicyDemandUnknown: when the round's policy has no such demand.
    :raises InstanceNotAccepted: when the engine refuses the round with this offer.
    """
    round_ = _lock_draft(session, round_id)
    area = get_area(session, round_id, area_id)
    product = get_product(session, product_id)
    check_product(session, round_, area, product, now)
    if not takes_applications and not fixed_institution_ids:
        raise FixedInstitutionsMissing(
            field="json.fixed_institution_ids", rule=FIXED_SKIPS_MATCHING
        )
    check_demands(round_, policy_demands, field="json.policy_demands")
    if seats is None:
        seats = default_seats(
            answers_proposals=bool(answered_proposals(session, [product_id])),
            is_local_rnd=product.rnd_local_government_code is not None,
        )
    offer = Offer(
        id=new_id(),
        round_id=round_id,
        area_id=area_id,
        product_id=product_id,
        unit_price_krw=unit_price_krw or product.unit_price_krw,
        max_placements=max_placements,
        seats=dict(seats),
        cap_group=cap_group,
        takes_applications=takes_applications,
        policy_demands=sorted(set(policy_demands)),
        created_at=now,
    )
    offered = ProductOffered(field="json.product_id")
    with conflict_on(session, uq_offer_area_id_product_id=offered):
        session.add(offer)
    _fix_institutions(session, offer, fixed_institution_ids)
    ensure_runnable(session, round_, now)
    record_change(
        session,
        round_,
        "round.offer_added",
        actor_id=actor_id,
        now=now,
        offer_id=str(offer.id),
        product_id=str(product_id),
    )
    return offer


def remove_offer(
    session: Session, *, round_id: UUID, offer_id: UUID, actor_id: UUID | None, now: datetime
) -> None:
    """Take an offer out of a draft round.

    :raises RoundNotDraft: when the round was announced.
    :raises OfferNotFound: when the round has no such offer.
    """
    round_ = _lock_draft(session, round_id)
    offer = get_offer(session, round_id, offer_id)
    session.execute(delete(FixedInstitution).where(FixedInstitution.offer_id == offer_id))
    session.delete(offer)
    record_change(
        session,
        round_,
        "round.offer_removed",
        actor_id=actor_id,
        now=now,
        offer_id=str(offer_id),
        product_id=str(offer.product_id),
    )


def _lock_draft(session: Session, round_id: UUID) -> Round:
    round_ = lock_round(session, round_id)
    states.check_draft(round_)
    return round_


def _fix_institutions(session: Session, offer: Offer, institution_ids: Collection[UUID]) -> None:
    for index, institution_id in enumerate(dict.fromkeys(institution_ids)):
        institution = session.get(Institution, institution_id)
        if institution is None or institution.organization.closed_at is not None:
            raise FixedInstitutionUnknown(
                field=f"json.fixed_institution_ids.{index}", institution_id=institution_id
            )
        session.add(FixedInstitution(offer_id=offer.id, institution_id=institution_id))
    session.flush()
    session.refresh(offer, ["fixed"])
