"""Owns the asking for a run of a round's matching, and how the job that carries it out goes on."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.db import new_id
from backend.errors import Conflict
from backend.jobs.outbox import defer
from backend.rounds import engine, states
from backend.rounds.inputs import InputsNotFrozen, find_inputs, get_requests
from backend.rounds.interests import ensure_impartial
from backend.rounds.models import FrozenInputs, MatchingRun, OfficialSeed, Outcome, Round
from backend.rounds.queries import lock_round
from backend.rounds.run_queries import find_pending_run, find_standing_run, lock_run
from backend.rounds.seeds import SeedMissing
from backend.rounds.trail import record_change
from backend.rounds.verification import Verdict
from geo.matching import Plan, load_json, parse_plan

log = structlog.get_logger(__name__)

TASK = "rounds.run"

GIVEN_UP_AFTER = timedelta(minutes=30)
"""A run that was not heard of for so long may be asked for again."""


RUNNABLE = frozenset({"closed", "matched", "approved", "published"})
"""States of a round whose inputs may be run; from approval on only once they were corrected."""


class RunUnderWay(Conflict):
    """The matching is being run already."""

    code = "matching_run_under_way"
    ko = "이미 매칭을 실행하고 있습니다. 끝난 뒤에 결과를 확인해 주세요."
    en = "The matching is being run already. Look at its result when it is done."


@dataclass(frozen=True, slots=True)
class Work:
    """What a job has to do for a run.

    :param inputs_text: the frozen instance, its seed null.
    """

    run_id: UUID
    inputs_text: str
    seed: str


def request_run(
    session: Session, *, round_id: UUID, seed: str | None, actor_id: UUID, now: datetime
) -> MatchingRun:
    """Queue a run of the frozen inputs; a worker computes the plan and has it verified.

    With the official seed it is the plan to be approved, in the place of one that waits. With any
    other seed it is a rehearsal, of which there may be many.

    :param seed: None for the official one.
    :raises RoundNotFound: when there is no such round.
    :raises NotImpartial: when the caller has declared an interest in it.
    :raises RoundTransition: when it is not closed yet, or a plan of these inputs was approved.
    :raises InputsNotFrozen: when its inputs are not frozen.
    :raises SeedMissing: when the official seed is wanted and not there.
    :raises RunUnderWay: when the official run is queued or running.
    """
    round_ = lock_round(session, round_id)
    ensure_impartial(session, round_id, actor_id)
    if round_.status not in RUNNABLE:
        raise states.RoundTransition(current=round_.status, target="matched")
    inputs = find_inputs(session, round_id)
    if inputs is None:
        raise InputsNotFrozen
    official = session.get(OfficialSeed, round_id)
    if seed is None:
        if official is None:
            raise SeedMissing
        seed = official.seed
    is_rehearsal = official is None or seed != official.seed
    if not is_rehearsal:
        _make_room(session, round_, inputs, now)
    run = MatchingRun(
        id=new_id(),
        round_id=round_id,
        inputs_id=inputs.id,
        seed=seed,
        is_rehearsal=is_rehearsal,
        inputs_sha256=inputs.inputs_sha256,
        state="queued",
        run_by=actor_id,
        run_at=now,
        violations=[],
    )
    session.add(run)
    session.flush()
    defer(session, TASK, dedup_key=f"{TASK}:{run.id}", run_id=run.id)
    record_change(
        session,
        round_,
        "round.rehearsal_queued" if is_rehearsal else "round.run_queued",
        actor_id=actor_id,
        now=now,
        run_id=str(run.id),
        seed=run.seed,
        inputs_sha256=run.inputs_sha256,
    )
    return run


def start_run(session: Session, *, run_id: UUID, now: datetime) -> Work | None:
    """Begin, or after a worker's death go on with, a queued run.

    :return: None when there is nothing left to do.
    """
    run = session.get(MatchingRun, run_id, with_for_update=True, populate_existing=True)
    if run is None or run.state not in ("queued", "running") or run.superseded_at is not None:
        return None
    run.state, run.started_at = "running", now
    session.flush()
    inputs_text = session.scalars(
        select(FrozenInputs.instance_text).where(FrozenInputs.id == run.inputs_id)
    ).one()
    return Work(run_id, inputs_text, run.seed)


def keep_plan(session: Session, *, run_id: UUID, computed: engine.Computed) -> tuple[str, str]:
    """Store what was computed, and return it as the database has it.

    A worker before may have come as far: what it stored stays, and is the same.

    :return: the texts of instance and plan.
    """
    run = session.get_one(MatchingRun, run_id, with_for_update=True, populate_existing=True)
    session.refresh(run, ["instance_text", "plan_text"])
    if run.plan_text is None:
        run.engine = computed.plan.engine
        run.instance_text, run.plan_text = computed.instance_text, computed.plan_text
        session.flush()
        session.refresh(run, ["instance_text", "plan_text"])
    return run.instance_text or "", run.plan_text or ""


def finish_run(session: Session, *, run_id: UUID, verdict: Verdict, now: datetime) -> None:
    """Close a run with what the verifying process said; an official one brings the round on.

    A plan that does not hold is kept with its violations and can never be approved.
    """
    round_, run = _lock(session, run_id)
    if run.state != "running":
        return
    if round_.status not in RUNNABLE:
        fail_run(session, run_id=run_id, failure=f"the round is {round_.status}", now=now)
        return
    session.refresh(run, ["plan_text"])
    plan_text = run.plan_text or ""
    run.state, run.finished_at = "done", now
    run.verifier_exit_code, run.violations = verdict.exit_code, verdict.lines
    if verdict.exit_code == 0:
        run.verified_at = now
    else:
        log.error("plan_not_verified", run_id=str(run.id), violations=run.violations)
    session.flush()
    if run.is_rehearsal or run.superseded_at is not None:
        return
    _keep_outcomes(session, run, parse_plan(load_json(plan_text.encode())))
    if round_.status != "published":
        states.move(round_, "matched", now)
    record_change(
        session,
        round_,
        "round.matched",
        actor_id=run.run_by,
        now=now,
        run_id=str(run.id),
        seed=run.seed,
        inputs_sha256=run.inputs_sha256,
        plan_sha256=sha256(plan_text.encode()).hexdigest(),
        verified=run.verified_at is not None,
    )


def fail_run(session: Session, *, run_id: UUID, failure: str, now: datetime) -> None:
    """Close a run that broke, so that somebody looks and asks again."""
    round_, run = _lock(session, run_id)
    if run.state in ("done", "failed"):
        return
    run.state, run.failure, run.finished_at = "failed", failure, now
    record_change(session, round_, "round.run_failed", actor_id=None, now=now, run_id=str(run.id))


def _make_room(session: Session, round_: Round, inputs: FrozenInputs, now: datetime) -> None:
    """Let a new official run take the place of the one that waits, or refuse it."""
    pending = find_pending_run(session, round_.id)
    standing = find_standing_run(session, round_.id)
    if pending is not None and pending.approved_at is not None:
        raise states.RoundTransition(current="approved", target="matched")
    if standing is not None and standing.inputs_id == inputs.id:
        raise states.RoundTransition(current=round_.status, target="matched")
    if pending is not None:
        heard_at = pending.started_at or pending.run_at
        if pending.state in ("queued", "running") and now - heard_at < GIVEN_UP_AFTER:
            raise RunUnderWay
        pending.superseded_at = now
        session.flush()


def _lock(session: Session, run_id: UUID) -> tuple[Round, MatchingRun]:
    round_id = session.scalars(select(MatchingRun.round_id).where(MatchingRun.id == run_id)).one()
    # The round first, as everybody who changes its state does.
    round_ = lock_round(session, round_id)
    return round_, lock_run(session, round_id, run_id)


def _keep_outcomes(session: Session, run: MatchingRun, plan: Plan) -> None:
    requests = get_requests(session, run.inputs_id)
    for outcome in plan.outcomes:
        application_id, tier = requests[outcome.institution, outcome.product]
        session.add(
            Outcome(
                id=new_id(),
                run_id=run.id,
                offer_id=UUID(outcome.product),
                institution_id=UUID(outcome.institution),
                application_id=application_id,
                reason=outcome.reason,
                seat=outcome.seat,
                residence_tier=tier,
                detail=dict(outcome.detail),
            )
        )
    session.flush()
