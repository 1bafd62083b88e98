"""Owns counting placements and proposals by region, as the colours of the map show them."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select

from backend.catalogue.models import Product
from backend.maps.queries import listed, placement_stands
from backend.proposals.models import Proposal
from backend.rounds.models import MatchingRun, Offer, Placement, Round
from geo.orm import Executor


def count_placements(
    conn: Executor,
    *,
    by_emd: bool = False,
    round_code: str | None = None,
    category: str | None = None,
) -> Mapping[str | None, Any]:
    """Return number and money of placements by sigungu; None is the key of those abroad.

    :param by_emd: by emd instead.
    :param round_code: only placements of this round.
    :param category: only placements of products of this category.
    """
    code = Placement.site_emd_code if by_emd else Placement.sigungu_code
    statement = (
        select(
            code.label("code"),
            func.count().label("placements"),
            func.sum(Offer.unit_price_krw).label("amount_krw"),
        )
        .join(MatchingRun, Placement.run_id == MatchingRun.id)
        .join(Offer, Placement.offer_id == Offer.id)
        .where(placement_stands())
        .group_by(code)
    )
    if round_code is not None:
        statement = statement.join(Round, MatchingRun.round_id == Round.id).where(
            Round.code == round_code
        )
    if category is not None:
        statement = statement.join(Product, Placement.product_id == Product.id).where(
            Product.category == category
        )
    return {row.code: row for row in conn.execute(statement)}


def count_proposals(
    conn: Executor, *, by_emd: bool = False, category: str | None = None
) -> Mapping[str | None, int]:
    """Return the number of proposals that everybody may see by sigungu, or by emd."""
    code = Proposal.emd_code if by_emd else Proposal.sigungu_code
    statement = (
        select(code.label("code"), func.count().label("proposals")).where(listed()).group_by(code)
    )
    if category is not None:
        statement = statement.where(Proposal.category == category)
    return {row.code: row.proposals for row in conn.execute(statement)}
