"""Owns how plans, outcomes and placements are read, with their reasons."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from backend.catalogue.queries import answered_proposals
from backend.errors import NotFound
from backend.pagination import Page, paginate
from backend.proposals.facts import AnsweringFacts
from backend.proposals.queries import answering_facts
from backend.rounds.models import MatchingRun, Offer, Outcome, Placement
from backend.rounds.queries import get_current_run
from backend.rounds.reasons import reason_of


class PlacementNotFound(NotFound):
    """There is no such placement."""

    code = "placement_not_found"
    ko = "배정 내역을 찾을 수 없습니다."
    en = "There is no such placement."


@dataclass(frozen=True, slots=True)
class Explained:
    """An outcome with its sentences.

    :param explanation: ``{"ko": ..., "en": ...}``.
    """

    outcome: Outcome
    explanation: dict[str, str]


@dataclass(frozen=True, slots=True)
class Story:
    """One placement and how it came about.

    :param proposals: the adopted proposals that the product answers.
    :param explanation: ``{"ko": ..., "en": ...}``.
    """

    placement: Placement
    proposals: list[AnsweringFacts]
    explanation: dict[str, str]


@dataclass(frozen=True, slots=True)
class RegionCount:
    """Placements of a region and what they cost."""

    code: str
    placements: int
    krw: int


def list_outcomes(
    session: Session,
    *,
    round_id: UUID,
    institution_id: UUID | None,
    product_id: UUID | None,
    reason: str | None,
    limit: int,
    after: str | None,
) -> Page:
    """Return the outcomes of the round's plan that stands, each with its reason in words.

    :return: a page of `Explained`.
    :raises PlanNotFound: when the matching was not run yet.
    """
    run = get_current_run(session, round_id)
    statement = (
        select(Outcome)
        .where(Outcome.run_id == run.id)
        .options(
            selectinload(Outcome.offer).joinedload(Offer.product), joinedload(Outcome.institution)
        )
    )
    if institution_id is not None:
        statement = statement.where(Outcome.institution_id == institution_id)
    if product_id is not None:
        offered = select(Offer.id).where(Offer.round_id == round_id, Offer.product_id == product_id)
        statement = statement.where(Outcome.offer_id.in_(offered))
    if reason is not None:
        statement = statement.where(Outcome.reason == reason)
    page = paginate(session, statement, Outcome.id, limit=limit, after=after)
    return Page([_explain(session, outcome) for outcome in page.items], page.next_cursor)


def select_placements() -> Select[Any]:
    """Return a select of `Placement` with all that it shows, of plans that stand.

    Layers above add their own conditions (a box, a product) and pages.
    """
    return (
        select(Placement)
        .join(Placement.run)
        .where(MatchingRun.superseded_at.is_(None))
        .options(
            joinedload(Placement.run).joinedload(MatchingRun.round),
            joinedload(Placement.offer).joinedload(Offer.product),
            joinedload(Placement.offer).joinedload(Offer.area),
            joinedload(Placement.institution),
        )
    )


def list_placements(
    session: Session,
    *,
    limit: int,
    after: str | None,
    round_id: UUID | None = None,
    product_id: UUID | None = None,
    institution_id: UUID | None = None,
    region_code: str | None = None,
) -> Page:
    """Return placements by published plans that stand, the oldest first.

    :param region_code: a region with everything in it.
    """
    statement = select_placements()
    if round_id is not None:
        statement = statement.where(MatchingRun.round_id == round_id)
    if product_id is not None:
        statement = statement.where(Placement.product_id == product_id)
    if institution_id is not None:
        statement = statement.where(Placement.institution_id == institution_id)
    if region_code is not None:
        statement = statement.where(
            Placement.site_emd_code.startswith(region_code, autoescape=True)
        )
    return paginate(session, statement, Placement.id, limit=limit, after=after)


def count_placements_by_sigungu(
    session: Session, *, round_id: UUID | None = None
) -> dict[str, RegionCount]:
    """Return placements and KRW per sigungu; those without any, and overseas, are missing.

    :return: sigungu code -> count.
    """
    statement = (
        select(Placement.sigungu_code, func.count(), func.sum(Offer.unit_price_krw))
        .join(Placement.run)
        .join(Placement.offer)
        .where(MatchingRun.superseded_at.is_(None), Placement.sigungu_code.is_not(None))
        .group_by(Placement.sigungu_code)
    )
    if round_id is not None:
        statement = statement.where(MatchingRun.round_id == round_id)
    return {
        code: RegionCount(code, count, int(krw))
        for code, count, krw in session.execute(statement)
        if code is not None
    }


def get_placement_story(session: Session, placement_id: UUID) -> Story:
    """Return a placement with the proposals behind it and the reason it went there.

    :raises PlacementNotFound: when there is none, or its plan was superseded.
    """
    placement = session.scalar(select_placements().where(Placement.id == placement_id))
    if placement is None:
        raise PlacementNotFound
    answered = answered_proposals(session, [placement.product_id]).get(placement.product_id, [])
    facts = answering_facts(session, answered)
    return Story(
        placement=placement,
        proposals=[facts[proposal_id] for proposal_id in answered],
        explanation=reason_of(
            session,
            run_id=placement.run_id,
            institution_id=placement.institution_id,
            offer_id=placement.offer_id,
        ),
    )


def _explain(session: Session, outcome: Outcome) -> Explained:
    return Explained(
        outcome,
        reason_of(
            session,
            run_id=outcome.run_id,
            institution_id=outcome.institution_id,
            offer_id=outcome.offer_id,
        ),
    )
