"""Rescuing the jobs of dead workers."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from backend.jobs.outbox import defer
from backend.jobs.retry import MAX_ATTEMPTS
from backend.jobs.sweeper import Swept, sweep
from tests.backend.jobs import sample_tasks  # noqa: F401 (registers the tasks)
from tests.backend.jobs.looking import list_jobs


def start_job(session: Session, *, silent_for: timedelta, dedup_key: str | None = None) -> int:
    """Queue a job and have a worker take it whose last heartbeat is `silent_for` ago."""
    job_id = defer(session, "tests.note", dedup_key=dedup_key, subject_id="1")
    assert job_id is not None
    session.execute(
        text(
            "WITH worker AS (INSERT INTO procrastinate_workers (last_heartbeat)"
            " VALUES (now() - :silence) RETURNING id)"
            " UPDATE procrastinate_jobs SET status = 'doing', worker_id = worker.id"
            " FROM worker WHERE procrastinate_jobs.id = :job_id"
        ),
        {"silence": silent_for, "job_id": job_id},
    )
    return job_id


@pytest.fixture
def stalled(session: Session) -> int:
    """The id of a job whose worker has been silent for five minutes."""
    return start_job(session, silent_for=timedelta(minutes=5))


def test_a_dead_workers_job_is_queued_again(session: Session, stalled: int, now: datetime) -> None:
    sweep(session, now=now)
    assert list_jobs(session) == [("tests.note", "todo", 1)]


def test_a_sweep_says_what_it_did(session: Session, stalled: int, now: datetime) -> None:
    assert sweep(session, now=now) == Swept(retried=(stalled,))


def test_a_forgotten_workers_job_is_queued_again(
    session: Session, stalled: int, now: datetime
) -> None:
    session.execute(text("DELETE FROM procrastinate_workers"))
    assert sweep(session, now=now) == Swept(retried=(stalled,))


def test_a_live_workers_job_is_left_alone(session: Session, now: datetime) -> None:
    start_job(session, silent_for=timedelta(seconds=5))
    assert sweep(session, now=now) == Swept()


def test_a_job_that_killed_too_many_workers_is_given_up(
    session: Session, stalled: int, now: datetime
) -> None:
    session.execute(
        text("UPDATE procrastinate_jobs SET attempts = :attempts"), {"attempts": MAX_ATTEMPTS - 1}
    )
    sweep(session, now=now)
    assert list_jobs(session) == [("tests.note", "failed", MAX_ATTEMPTS)]


def test_a_job_whose_twin_waits_is_ended(session: Session, now: datetime) -> None:
    start_job(session, silent_for=timedelta(minutes=5), dedup_key="same")
    defer(session, "tests.note", dedup_key="same", subject_id="2")
    sweep(session, now=now)
    assert [status for _, status, _ in list_jobs(session)] == ["aborted", "todo"]


def test_the_command_sweeps(app: Flask, session: Session, stalled: int) -> None:
    session.commit()
    result = app.test_cli_runner().invoke(args=["jobs", "sweep"])
    assert result.output == "1 queued again, 0 given up, 0 superseded\n"
