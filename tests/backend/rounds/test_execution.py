"""A run as a job: it survives its worker, breaks in the open, and never gives two plans."""

import subprocess
import sys
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from backend.audit.models import AuditEvent
from backend.audit.service import verify as verify_audit
from backend.db import db, unit_of_work
from backend.jobs.sweeper import sweep
from backend.jobs.worker import run_jobs
from backend.rounds import engine, run_queries, verification
from backend.rounds.execution import carry_out
from backend.rounds.models import MatchingRun, Outcome, Round
from backend.rounds.runs import TASK, request_run
from backend.rounds.verification import Verdict
from tests.support.people import make_institution, make_officer
from tests.support.rounds import (
    CLOSED,
    apply_for,
    approve,
    close,
    make_open_round,
    make_product,
    prepare,
    run,
    work,
)

ROOT = Path(__file__).resolve().parents[3]
URL = "/api/v1/rounds"
WAIT_S = 20


def queued_run(session: Session, *, seed: str | None = None) -> MatchingRun:
    """Queue a run of a round with one application, and commit."""
    round_, (offer,) = make_open_round(session, make_product(session))
    apply_for(session, make_institution(session), offer)
    close(session, round_)
    prepare(session, round_)
    officer = make_officer(session).id
    queued = request_run(session, round_id=round_.id, seed=seed, actor_id=officer, now=CLOSED)
    session.commit()
    return queued


def count(session: Session, entity: type) -> int:
    return session.scalar(select(func.count()).select_from(entity)) or 0


@pytest.mark.parametrize("stage", ["computing", "verifying"])
def test_a_worker_killed_in_the_middle_leaves_one_plan_and_loses_nothing(
    committed_app: Flask, stage: str
) -> None:
    with committed_app.app_context():
        queued = queued_run(db.session())
        run_id, round_id = queued.id, queued.round_id
    command = [sys.executable, "-m", "tests.backend.rounds.worker_process"]
    with subprocess.Popen(  # noqa: S603 (our own interpreter and module)
        [*command, committed_app.config["SQLALCHEMY_DATABASE_URI"], stage],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            assert process.stdout.readline().strip() == "started"
        finally:
            process.kill()
        process.wait(WAIT_S)
    with committed_app.app_context():
        left = db.session().get_one(MatchingRun, run_id)
        assert (left.state, left.finished_at) == ("running", None)
        assert count(db.session(), Outcome) == 0
        with unit_of_work() as session:
            swept = sweep(session, now=datetime.now(UTC), stalled_after_s=0)
        assert swept.retried
    run_jobs(committed_app)
    with committed_app.app_context():
        session = db.session()
        done = session.scalars(select(MatchingRun)).one()
        assert (done.id, done.state, done.verifier_exit_code) == (run_id, "done", 0)
        assert run_queries.get_current_run(session, round_id).id == run_id
        assert count(session, Outcome) == 1
        assert session.scalars(select(Round.status)).all() == ["matched"]
        matched = select(func.count()).where(AuditEvent.action == "round.matched")
        assert session.scalar(matched) == 1
        assert verify_audit(session) == []


def test_a_job_that_runs_twice_changes_nothing(session: Session) -> None:
    queued = queued_run(session)
    work(session, queued)
    finished_at = queued.finished_at
    work(session, queued)
    session.refresh(queued)
    assert queued.finished_at == finished_at
    assert count(session, Outcome) == 1


def test_what_a_dead_worker_had_computed_is_kept(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    queued = queued_run(session)

    def die(*_: object) -> Verdict:
        raise KeyboardInterrupt

    monkeypatch.setattr(verification, "verify_texts", die)
    with pytest.raises(KeyboardInterrupt):
        work(session, queued)
    session.commit()
    assert queued.state == "running"
    session.refresh(queued, ["plan_text"])
    assert queued.plan_text is not None
    monkeypatch.undo()
    work(session, queued)
    assert (queued.state, queued.verifier_exit_code) == ("done", 0)


def test_an_engine_that_breaks_fails_the_run_and_says_how(
    client: FlaskClient,
    session: Session,
    officer: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    queued = queued_run(session)

    def break_(*_: object) -> engine.Computed:
        raise ZeroDivisionError

    monkeypatch.setattr(engine, "compute", break_)
    run_jobs(client.application)
    address = f"{URL}/{queued.round_id}/runs/{queued.id}"
    shown = client.get(address, headers=officer).json
    assert (shown["state"], shown["failure"]) == ("failed", "ZeroDivisionError")
    approval = client.post(f"{address}/approval", headers=officer)
    assert approval.status_code == 409
    monkeypatch.undo()
    again = run(session, session.get_one(Round, queued.round_id))
    assert again.state == "done"


def test_a_plan_whose_check_was_killed_is_never_approved(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    queued = queued_run(session)
    killed = Verdict(None, ["limit: killed after 300 s"])
    monkeypatch.setattr(verification, "verify_texts", lambda *_: killed)
    work(session, queued)
    assert (queued.state, queued.verified_at) == ("done", None)
    assert queued.violations == killed.lines
    with pytest.raises(Exception, match="did not pass its verification"):
        approve(session, queued)


def test_what_is_checked_is_what_the_database_has(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    queued = queued_run(session)
    seen: list[tuple[str, ...]] = []

    def keep(*texts: str) -> Verdict:
        seen.append(texts)
        return Verdict(0, [])

    monkeypatch.setattr(verification, "verify_texts", keep)
    work(session, queued)
    stored = session.execute(text("SELECT instance_text, plan_text FROM matching_run")).one()
    assert seen == [tuple(stored)]


def test_a_run_that_was_superseded_in_the_queue_does_nothing(session: Session) -> None:
    queued = queued_run(session)
    queued.superseded_at = CLOSED
    session.commit()
    work(session, queued)
    assert queued.state == "queued"


def test_an_unknown_run_is_nothing_to_do(session: Session) -> None:
    carry_out(lambda: nullcontext(session), run_id=UUID(int=1), now=lambda: CLOSED)


def test_asking_for_a_run_queues_one_job(session: Session) -> None:
    queued = queued_run(session)
    arguments = session.scalars(
        text("SELECT args FROM procrastinate_jobs WHERE task_name = :name"), {"name": TASK}
    ).all()
    assert arguments == [{"run_id": str(queued.id)}]
