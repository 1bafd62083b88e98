"""Owns the way of a queued run through its stages, each kept before the next one begins."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from backend.rounds import engine, verification
from backend.rounds.runs import fail_run, finish_run, keep_plan, start_run

log = structlog.get_logger(__name__)

Unit = Callable[[], AbstractContextManager[Session]]


def carry_out(unit: Unit, *, run_id: UUID, now: Callable[[], datetime]) -> None:
    """Compute a queued run, have its stored plan verified by another process, and close it.

    No transaction is open while something is computed. Whoever dies on the way leaves a run that
    this goes on with; a second time it finds nothing to do.

    :param unit: opens a unit of work for one stage.
    :param now: reads the time.
    """
    with unit() as session:
        work = start_run(session, run_id=run_id, now=now())
    if work is None:
        return
    try:
        computed = engine.compute(engine.with_seed(work.inputs_text, work.seed))
    except Exception as exc:
        # Equal inputs break equally: trying again would only hide it from those who can look.
        log.exception("matching_run_failed", run_id=str(run_id))
        with unit() as session:
            fail_run(session, run_id=run_id, failure=type(exc).__name__, now=now())
        return
    with unit() as session:
        texts = keep_plan(session, run_id=run_id, computed=computed)
    verdict = verification.verify_texts(*texts)
    with unit() as session:
        finish_run(session, run_id=run_id, verdict=verdict, now=now())
