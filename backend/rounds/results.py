"""Owns how plans, outcomes and placements are read, with their reasons."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from backend.errors import NotFound
from backend.pagination import Page, paginate
from backend.rounds.models import MatchingRun, Offer, Outcome, Placement
from backend.rounds.reasons import Changes, list_changes, reason_of
from backend.rounds.run_queries import get_current_run, get_run


class PlacementNotFound(NotFound):
    """There is no such placement."""

    code = "placement_not_found"
    ko = "배정 내역을 찾을 수 없습니다."
    en = "There is no such placement."


class OutcomeNotFound(NotFound):
    """The round has no such outcome."""

    code = "outcome_not_found"
    ko = "이 차수에 그런 결과가 없습니다."
    en = "The round has no such outcome."


@dataclass(frozen=True, slots=True)
class Explained:
    """An outcome with its sentences.

    :param explanation: ``{"ko": ..., "en": ...}``.
    """

    outcome: Outcome
    explanation: dict[str, str]


def list_outcomes(
    session: Session,
    *,
    round_id: UUID,
    run_id: UUID | None = None,
    institution_id: UUID | None,
    product_id: UUID | None,
    reason: str | None,
    limit: int,
    after: str | None,
) -> Page:
    """Return the outcomes of a plan of the round, each with its reason in words.

    :param run_id: a plan that does not stand; the one that does by default.
    :return: a page of `Explained`.
    :raises PlanNotFound: when the matching was not run yet.
    :raises RunNotFound: when the round has no such run.
    """
    run = (
        get_current_run(session, round_id) if run_id is None else get_run(session, round_id, run_id)
    )
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
    changes = list_changes(session, run.id)
    return Page([_explain(session, one, changes) for one in page.items], page.next_cursor)


def get_outcome(session: Session, round_id: UUID, outcome_id: UUID) -> Outcome:
    """Return an outcome of any plan of a round.

    :raises OutcomeNotFound: when the round has no such outcome.
    """
    outcome = session.scalar(
        select(Outcome)
        .join(MatchingRun, MatchingRun.id == Outcome.run_id)
        .where(Outcome.id == outcome_id, MatchingRun.round_id == round_id)
    )
    if outcome is None:
        raise OutcomeNotFound
    return outcome


def list_placements(session: Session, *, round_id: UUID, limit: int, after: str | None) -> Page:
    """Return the placements of a round that stand, the oldest first.

    Left out are those of a superseded plan, and those that were given up since.
    """
    statement = (
        select(Placement)
        .join(Placement.run)
        .where(
            MatchingRun.round_id == round_id,
            MatchingRun.published_at.is_not(None),
            MatchingRun.superseded_at.is_(None),
            Placement.ended_at.is_(None),
        )
        .options(
            joinedload(Placement.run).joinedload(MatchingRun.round),
            joinedload(Placement.offer).joinedload(Offer.product),
            joinedload(Placement.offer).joinedload(Offer.area),
            joinedload(Placement.institution),
        )
    )
    return paginate(session, statement, Placement.id, limit=limit, after=after)


def _explain(session: Session, outcome: Outcome, changes: Changes) -> Explained:
    return Explained(
        outcome,
        reason_of(
            session,
            run_id=outcome.run_id,
            institution_id=outcome.institution_id,
            offer_id=outcome.offer_id,
            changes=changes,
        ),
    )
