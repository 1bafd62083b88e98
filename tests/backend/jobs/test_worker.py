"""A real worker on a real database: it runs, it stops, it is killed."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from backend.app import create_app
from backend.db import db, unit_of_work
from backend.jobs.outbox import defer
from backend.jobs.sweeper import sweep
from backend.jobs.worker import create_worker, run_jobs
from tests.backend.jobs import sample_tasks  # noqa: F401 (registers the tasks)
from tests.backend.jobs.looking import list_jobs, list_notes
from tests.support import databases

ROOT = Path(__file__).resolve().parents[3]
WORKER_ENDS_WITHIN_S = 20


@contextmanager
def session_of(app: Flask) -> Iterator[Session]:
    with app.app_context(), unit_of_work() as session:
        yield session


@contextmanager
def worker_process(app: Flask, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """Start a worker on the application's database, and make sure that it is gone afterwards."""
    command = [sys.executable, "-m", "tests.backend.jobs.worker_process"]
    with subprocess.Popen(  # noqa: S603 (our own interpreter and module)
        [*command, app.config["SQLALCHEMY_DATABASE_URI"], *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def read_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_a_worker_runs_what_is_queued(committed_app: Flask) -> None:
    with session_of(committed_app) as session:
        defer(session, "tests.chain", subject_id="1")
    create_worker(committed_app).run(wait=False)
    with session_of(committed_app) as session:
        assert list_notes(session) == ["1"]


def test_two_applications_in_one_process_each_run_their_own(
    committed_app: Flask, template: str
) -> None:
    with session_of(committed_app) as session:
        defer(session, "tests.note", subject_id="1")
    with databases.copy_of(template) as url:
        other = create_app({**databases.TEST_SETTINGS, "SQLALCHEMY_DATABASE_URI": url})
        create_worker(other).run(wait=False)
        with other.app_context():
            db.engine.dispose()
    create_worker(committed_app).run(wait=False)
    with session_of(committed_app) as session:
        assert list_notes(session) == ["1"]


def test_a_failed_job_waits_for_its_next_attempt(committed_app: Flask) -> None:
    with session_of(committed_app) as session:
        defer(session, "tests.fail", subject_id="1")
    create_worker(committed_app).run(wait=False)
    with session_of(committed_app) as session:
        jobs = [job for job in list_jobs(session) if job[0] == "tests.fail"]
        assert jobs == [("tests.fail", "todo", 1)]


def test_a_failed_job_whose_twin_waits_is_not_left_running(committed_app: Flask) -> None:
    with session_of(committed_app) as session:
        defer(session, "tests.fail_beside_twin", dedup_key="tests.twin", subject_id="1")
    create_worker(committed_app).run(wait=False)
    with session_of(committed_app) as session:
        jobs = [job for job in list_jobs(session) if job[0].startswith("tests.fail")]
        assert jobs == [("tests.fail_beside_twin", "failed", 1)]


def test_a_killed_workers_job_runs_once_more(committed_app: Flask) -> None:
    with session_of(committed_app) as session:
        defer(session, "tests.hang", subject_id="1")
    with worker_process(committed_app, "hang") as process:
        assert read_line(process) == "started"
        process.kill()
        process.wait(WORKER_ENDS_WITHIN_S)
    with session_of(committed_app) as session:
        sweep(session, now=datetime.now(UTC), stalled_after_s=0)
    run_jobs(committed_app)
    with session_of(committed_app) as session:
        assert list_notes(session) == ["1"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_told_to_stop_finishes_what_it_does(
    committed_app: Flask, number: signal.Signals
) -> None:
    with session_of(committed_app) as session:
        defer(session, "tests.nap", subject_id="1")
    with worker_process(committed_app) as process:
        assert read_line(process) == "started"
        process.send_signal(number)
        assert process.wait(WORKER_ENDS_WITHIN_S) == 0
    with session_of(committed_app) as session:
        assert list_notes(session) == ["1"]
