"""Owns the rules of what may be offered, by the names under which refusals cite them."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.catalogue.models import Product
from backend.catalogue.queries import designated_products
from backend.catalogue.validity import seoul_date
from backend.errors import Conflict
from backend.rounds.models import BudgetArea, MatchingRun, Offer, Placement, Round
from backend.rounds.policy import setting
from backend.rounds.queries import all_offers

VALID_DESIGNATION = "valid_designation"
"""Only a product whose designation holds is offered, announced and matched."""

PILOTED_ONCE = "piloted_once"
"""What a published plan of another round placed is not offered again; exports are exempt (R7)."""

FIXED_SKIPS_MATCHING = "fixed_skips_matching"
"""An institution that asked for a product in the first place gets it without a matching (R8)."""


class DesignationNotValid(Conflict):
    """Only a product whose designation holds can be offered (rule `valid_designation`)."""

    code = "designation_not_valid"
    ko = "지정 기간이 유효한 혁신제품만 차수에 올릴 수 있습니다(규칙 {rule}): {product_ko}"
    en = "Only a product whose designation holds can be offered (rule {rule}): {product_en}"


class ProductPiloted(Conflict):
    """A product that was piloted before is not offered again (rule `piloted_once`)."""

    code = "product_piloted"
    ko = "이미 시범구매한 제품은 다시 올릴 수 없습니다(규칙 {rule}): {product_ko}"
    en = "A product that was piloted before is not offered again (rule {rule}): {product_en}"


def check_product(
    session: Session, round_: Round, area: BudgetArea, product: Product, now: datetime
) -> None:
    """Refuse to offer a product that the rules of a round exclude.

    :raises DesignationNotValid: when its designation does not hold on the day.
    :raises ProductPiloted: when a published plan of another round placed it, and the area is not
        exempt.
    """
    field = "json.product_id"
    if not designated_products(session, [product.id], seoul_date(now)):
        raise DesignationNotValid(field=field, **_cited(VALID_DESIGNATION, product))
    if _excludes_piloted(round_, area) and _piloted_before(session, round_, [product.id]):
        raise ProductPiloted(field=field, **_cited(PILOTED_ONCE, product))


def check_offers(session: Session, round_: Round, now: datetime) -> None:
    """Refuse to announce a round with an offer that its rules exclude by now.

    :raises DesignationNotValid: when a designation does not hold any more.
    :raises ProductPiloted: when a plan published meanwhile placed the product.
    """
    for offer in list_lapsed(session, round_, now):
        raise DesignationNotValid(**_cited(VALID_DESIGNATION, offer.product))
    offers = all_offers(session, round_.id)
    piloted = _piloted_before(session, round_, [offer.product_id for offer in offers])
    for offer in offers:
        if offer.product_id in piloted and _excludes_piloted(round_, offer.area):
            raise ProductPiloted(**_cited(PILOTED_ONCE, offer.product))


def list_lapsed(session: Session, round_: Round, now: datetime) -> list[Offer]:
    """Return the standing offers of a round whose product is not designated on the day."""
    offers = [offer for offer in all_offers(session, round_.id) if offer.withdrawn_at is None]
    valid = designated_products(session, [row.product_id for row in offers], seoul_date(now))
    return [offer for offer in offers if offer.product_id not in valid]


def _excludes_piloted(round_: Round, area: BudgetArea) -> bool:
    exempt = setting(round_.policy, "piloted_exempt_areas")
    return setting(round_.policy, "exclude_piloted") and area.key not in exempt


def _piloted_before(session: Session, round_: Round, product_ids: Collection[UUID]) -> set[UUID]:
    return set(
        session.scalars(
            select(Placement.product_id)
            .join(MatchingRun, Placement.run_id == MatchingRun.id)
            .where(
                Placement.product_id.in_(product_ids),
                MatchingRun.published_at.is_not(None),
                MatchingRun.superseded_at.is_(None),
                MatchingRun.round_id != round_.id,
                Placement.ended_at.is_(None),
            )
        )
    )


def _cited(rule: str, product: Product) -> dict[str, str]:
    return {"rule": rule, "product_ko": product.name_ko, "product_en": product.name_en}
