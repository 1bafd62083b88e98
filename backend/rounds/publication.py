"""Owns the publication of an approved plan: placements, notices and public events, all at once."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from backend.rounds.contracts import ContractsSigned, are_contracts_signed
from backend.rounds.interests import ensure_impartial
from backend.rounds.models import MatchingRun, Offer, Outcome
from backend.rounds.neighbours import tell_neighbours
from backend.rounds.outcome_notices import tell_corrections, tell_outcomes
from backend.rounds.placements import place
from backend.rounds.plan_states import advance
from backend.rounds.proposers import tell_results
from backend.rounds.queries import lock_round
from backend.rounds.run_queries import find_standing_run, lock_run
from backend.rounds.trail import record_change


def publish_plan(
    session: Session, *, round_id: UUID, run_id: UUID, actor_id: UUID, now: datetime
) -> MatchingRun:
    """Publish the approved plan of a round: from here on it can only be superseded.

    Everybody who applied for an institution is told its outcomes with their reasons, and the
    proposers where their ideas went. A corrected plan takes the place of the one that stood; then
    proposers hear of it where something changed.

    :raises RoundNotFound: when there is no such round.
    :raises RunNotFound: when it has no such run.
    :raises NotImpartial: when the caller has declared an interest in the round.
    :raises RunSuperseded: when a later run took its place.
    :raises RehearsalOnly: when it was not run with the official seed.
    :raises RoundTransition: when its plan is not approved, or is published already.
    :raises ContractsSigned: when something was bought by the plan that stood.
    """
    round_ = lock_round(session, round_id)
    run = lock_run(session, round_id, run_id)
    ensure_impartial(session, round_id, actor_id)
    advance(round_, run, "published", now)
    replaced = find_standing_run(session, round_id)
    outcomes = list_outcomes_of(session, run)
    before = list_outcomes_of(session, replaced) if replaced else []
    if replaced is not None:
        if are_contracts_signed(session, round_id):
            raise ContractsSigned
        replaced.superseded_at = now
        session.flush()
    placed = place(session, [(row, row.seat) for row in outcomes if row.seat], now=now)
    # Outcomes and placements are closed by the database from this flush on.
    run.published_by, run.published_at = actor_id, now
    session.flush()
    products = None
    if replaced is None:
        tell_outcomes(session, round_, outcomes, now)
    else:
        tell_corrections(session, round_, run=run, before=before, after=outcomes, now=now)
        products = _products_that_moved(before, outcomes)
    stood = {(row.offer_id, row.institution_id) for row in before if row.seat}
    new = [row for row in placed if (row.offer_id, row.institution_id) not in stood]
    tell_neighbours(session, round_, new, now)
    tell_results(session, round_, outcomes, actor_id=actor_id, now=now, products=products)
    session.refresh(run, ["plan_text"])
    record_change(
        session,
        round_,
        "round.published",
        actor_id=actor_id,
        now=now,
        run_id=str(run.id),
        supersedes=str(replaced.id) if replaced else None,
        inputs_sha256=run.inputs_sha256,
        plan_sha256=sha256((run.plan_text or "").encode()).hexdigest(),
    )
    return run


def list_outcomes_of(session: Session, run: MatchingRun) -> Sequence[Outcome]:
    """Return all outcomes of a run with their products and institutions."""
    return session.scalars(
        select(Outcome)
        .where(Outcome.run_id == run.id)
        .options(
            selectinload(Outcome.offer).joinedload(Offer.product),
            joinedload(Outcome.institution),
        )
        .order_by(Outcome.id)
    ).all()


def _products_that_moved(before: Sequence[Outcome], after: Sequence[Outcome]) -> set[UUID]:
    placed = [
        {(row.offer.product_id, row.institution_id) for row in rows if row.seat}
        for rows in (before, after)
    ]
    return {product_id for product_id, _ in placed[0] ^ placed[1]}
