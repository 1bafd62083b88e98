"""Owns the publication of an approved plan: placements, notices and public events, all at once."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from backend.auth.identity import Role
from backend.db import new_id
from backend.notifications.service import notify
from backend.organizations.queries import list_staff_ids
from backend.rounds import states
from backend.rounds.models import Application, MatchingRun, Offer, Outcome, Placement, Round
from backend.rounds.proposers import tell_results
from backend.rounds.queries import lock_round, lock_run
from backend.rounds.reasons import reason_of
from backend.rounds.runs import RunSuperseded
from backend.rounds.trail import record_change
from geo.regions.codes import SIGUNGU_DIGITS


def publish_plan(
    session: Session, *, round_id: UUID, run_id: UUID, actor_id: UUID, now: datetime
) -> MatchingRun:
    """Publish the approved plan of a round: from here on it can only be superseded.

    Everybody who applied for an institution is told its outcomes with their reasons, and the
    proposers where their ideas went.

    :raises RoundNotFound: when there is no such round.
    :raises RunNotFound: when it has no such run.
    :raises RunSuperseded: when a later run took its place.
    :raises RoundTransition: when its plan is not approved, or is published already.
    """
    round_ = lock_round(session, round_id)
    run = lock_run(session, round_id, run_id)
    if run.superseded_at is not None:
        raise RunSuperseded
    states.move(round_, "published", now)
    outcomes = _list_outcomes(session, run)
    _place(session, run, outcomes, now)
    # Outcomes and placements are closed by the database from this flush on.
    run.published_by, run.published_at = actor_id, now
    session.flush()
    _tell_institutions(session, round_, outcomes, now)
    tell_results(session, round_, outcomes, actor_id=actor_id, now=now)
    session.refresh(run, ["plan_text"])
    record_change(
        session,
        round_,
        "round.published",
        actor_id=actor_id,
        now=now,
        run_id=str(run.id),
        inputs_sha256=run.inputs_sha256,
        plan_sha256=sha256(run.plan_text.encode()).hexdigest(),
    )
    return run


def _list_outcomes(session: Session, run: MatchingRun) -> Sequence[Outcome]:
    return session.scalars(
        select(Outcome)
        .where(Outcome.run_id == run.id)
        .options(
            selectinload(Outcome.offer).joinedload(Offer.product),
            joinedload(Outcome.institution),
        )
        .order_by(Outcome.id)
    ).all()


def _place(session: Session, run: MatchingRun, outcomes: Sequence[Outcome], now: datetime) -> None:
    wanted = [row.application_id for row in outcomes if row.seat and row.application_id]
    rows = session.scalars(select(Application).where(Application.id.in_(wanted)))
    applications = {row.id: row for row in rows}
    for outcome in outcomes:
        if outcome.seat is None:
            continue
        site = (
            outcome.institution
            if outcome.application_id is None
            else applications[outcome.application_id]
        )
        emd_code = site.site_emd_code
        session.add(
            Placement(
                id=new_id(),
                run_id=run.id,
                outcome_id=outcome.id,
                offer_id=outcome.offer_id,
                product_id=outcome.offer.product_id,
                institution_id=outcome.institution_id,
                seat=outcome.seat,
                residence_tier=outcome.residence_tier,
                site_geom=site.site_geom,
                site_emd_code=emd_code,
                sigungu_code=emd_code[:SIGUNGU_DIGITS] if emd_code else None,
                generation_id=site.generation_id,
                placed_at=now,
            )
        )
    session.flush()


def _tell_institutions(
    session: Session, round_: Round, outcomes: Sequence[Outcome], now: datetime
) -> None:
    staff: dict[UUID, list[UUID]] = {}
    for outcome in outcomes:
        institution_id = outcome.institution_id
        if institution_id not in staff:
            staff[institution_id] = list_staff_ids(session, institution_id, Role.APPLICANT)
        if not staff[institution_id]:
            continue
        reason = reason_of(
            session,
            run_id=outcome.run_id,
            institution_id=institution_id,
            offer_id=outcome.offer_id,
        )
        for account_id in staff[institution_id]:
            notify(
                session,
                recipient_id=account_id,
                kind="placement_awarded" if outcome.seat else "application_refused",
                subject_type="round",
                subject_id=round_.id,
                params={
                    "round": round_.titles,
                    "product": outcome.offer.product.names,
                    "reason": reason,
                },
                now=now,
            )
