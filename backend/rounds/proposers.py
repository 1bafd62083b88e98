"""Owns what proposers hear of a round: that it offers an answer to their ideas, and what came.

Each is a notice to the author and to those whose proposals were merged into it, and a public event
in the proposal's thread.
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from backend.catalogue.models import Product
from backend.catalogue.queries import answered_proposals
from backend.notifications.service import notify
from backend.proposals.merges.queries import proposer_ids
from backend.proposals.queries import answering_facts
from backend.proposals.service import append_event
from backend.rounds.models import Offer, Outcome, Round
from backend.rounds.queries import all_offers
from backend.rounds.states import show_time

NOBODY_APPLIED = {
    "ko": "신청한 기관이 없었습니다.",
    "en": "No institution applied for it.",
}
NOBODY_ELIGIBLE = {
    "ko": "신청한 기관은 있었으나 자격 기준에 맞는 신청이 없었습니다.",
    "en": "Institutions applied, but none of the applications was eligible.",
}
NOBODY_GOT_IT = {
    "ko": "신청한 기관은 있었으나 예산과 우선순위에 따라 배정된 곳이 없었습니다.",
    "en": "Institutions applied, and by budget and priorities none of them got it.",
}

NOBODY_TOOK_IT = {
    "ko": "배정받은 기관이 계약 전에 반납했고, 이어받을 기관이 없었습니다.",
    "en": "The institution that had it gave it up before its contract, and nobody was next.",
}


@dataclass(frozen=True, slots=True)
class News:
    """One thing that the proposers of a product's proposals are to hear.

    :param kind: of the notice.
    :param event: kind of the public event.
    :param params: of the notice, beyond title, product and round.
    :param data: of the event, beyond round and product.
    """

    kind: str
    event: str
    params: Mapping[str, Any]
    data: Mapping[str, Any]


def tell_offers(session: Session, round_: Round, *, actor_id: UUID | None, now: datetime) -> None:
    """Tell proposers that a round, just announced, offers what answers their proposals."""
    closes_at = show_time(round_.closes_at)
    news = News("product_offered", "offered", {"closes_at": closes_at}, {})
    _tell(session, round_, lambda _: news, actor_id=actor_id, now=now)


def tell_cancelled(
    session: Session, round_: Round, reason: str, *, actor_id: UUID | None, now: datetime
) -> None:
    """Tell proposers that the round which offered what answers their proposals was cancelled."""
    said = {"reason": reason}
    news = News("proposal_round_cancelled", "round_cancelled", said, said)
    _tell(session, round_, lambda _: news, actor_id=actor_id, now=now)


def tell_withdrawn(
    session: Session,
    round_: Round,
    offer: Offer,
    reason: str,
    *,
    actor_id: UUID | None,
    now: datetime,
) -> None:
    """Tell proposers that what answers their proposals was taken back from the round.

    Nobody hears it while another area of the round still offers the product.
    """
    if offer.product_id in _products_on_offer(session, round_):
        return
    said = {"reason": reason}
    news = News("proposal_offer_withdrawn", "offer_withdrawn", said, said)
    products = {offer.product_id: offer.product}
    _tell_of(session, round_, products, lambda _: news, actor_id=actor_id, now=now)


def tell_results(
    session: Session,
    round_: Round,
    outcomes: Sequence[Outcome],
    *,
    actor_id: UUID | None,
    now: datetime,
    products: Collection[UUID] | None = None,
) -> None:
    """Tell proposers at how many institutions their products were placed, or why at none.

    :param products: those of which there is news; all by default.
    """
    asked = {row.offer.product_id for row in outcomes}
    eligible = {row.offer.product_id for row in outcomes if row.reason != "ineligible"}
    placed = Counter(row.offer.product_id for row in outcomes if row.seat)

    def result(product_id: UUID) -> News:
        if count := placed[product_id]:
            return News("proposal_deployed", "placed", {"count": count}, {"count": count})
        if product_id in eligible:
            reason = NOBODY_GOT_IT
        else:
            reason = NOBODY_ELIGIBLE if product_id in asked else NOBODY_APPLIED
        return News("proposal_not_deployed", "not_placed", {"reason": reason}, {"reason": reason})

    _tell(session, round_, result, actor_id=actor_id, now=now, only=products)


def tell_passed_on(
    session: Session,
    round_: Round,
    placed: Mapping[UUID, int],
    *,
    actor_id: UUID | None,
    now: datetime,
) -> None:
    """Tell proposers that placements of their products changed hands before a contract.

    :param placed: at how many institutions each product with news stands placed by now.
    """

    def result(product_id: UUID) -> News:
        if count := placed[product_id]:
            return News("proposal_passed_on", "placed", {"count": count}, {"count": count})
        said = {"reason": NOBODY_TOOK_IT}
        return News("proposal_not_deployed", "not_placed", said, said)

    _tell(session, round_, result, actor_id=actor_id, now=now, only=placed)


def _tell(
    session: Session,
    round_: Round,
    news_of: Callable[[UUID], News],
    *,
    actor_id: UUID | None,
    now: datetime,
    only: Collection[UUID] | None = None,
) -> None:
    """Tell the proposers behind each product on offer its news; withdrawn ones had theirs."""
    products = {
        product_id: product
        for product_id, product in _products_on_offer(session, round_).items()
        if only is None or product_id in only
    }
    _tell_of(session, round_, products, news_of, actor_id=actor_id, now=now)


def _products_on_offer(session: Session, round_: Round) -> dict[UUID, Product]:
    return {
        offer.product_id: offer.product
        for offer in all_offers(session, round_.id)
        if offer.withdrawn_at is None
    }


def _tell_of(
    session: Session,
    round_: Round,
    products: Mapping[UUID, Product],
    news_of: Callable[[UUID], News],
    *,
    actor_id: UUID | None,
    now: datetime,
) -> None:
    """Tell the proposers behind each of some products its news, once a product."""
    answered = answered_proposals(session, products)
    told = {one for ids in answered.values() for one in ids}
    facts, proposers = answering_facts(session, told), proposer_ids(session, told)
    for product_id, proposal_ids in answered.items():
        product, news = products[product_id], news_of(product_id)
        for proposal_id in proposal_ids:
            append_event(
                session,
                proposal_id=proposal_id,
                kind=news.event,
                actor_id=actor_id,
                data={
                    "round": round_.code,
                    "product_id": str(product_id),
                    "product": product.names,
                    **news.data,
                },
                public=True,
                now=now,
            )
            for recipient_id in proposers[proposal_id]:
                notify(
                    session,
                    recipient_id=recipient_id,
                    kind=news.kind,
                    subject_type="proposal",
                    subject_id=proposal_id,
                    params={
                        "title": facts[proposal_id].title,
                        "product": product.names,
                        "round": round_.titles,
                        **news.params,
                    },
                    now=now,
                )
