"""Running everything due in this process, as tests and the demo do."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from backend.jobs.outbox import defer
from backend.jobs.worker import run_jobs
from tests.backend.jobs import sample_tasks  # noqa: F401 (registers the tasks)
from tests.backend.jobs.looking import list_jobs, list_notes


def test_jobs_of_the_tests_own_connection_run(app: Flask, session: Session) -> None:
    defer(session, "tests.note", subject_id="1")
    defer(session, "tests.note", subject_id="2")
    session.commit()
    run_jobs(app)
    assert list_notes(session) == ["1", "2"]


def test_jobs_that_jobs_queue_run_too(app: Flask, session: Session) -> None:
    defer(session, "tests.chain", subject_id="1")
    session.commit()
    assert run_jobs(app) == 2


def test_done_jobs_are_gone(app: Flask, session: Session) -> None:
    defer(session, "tests.note", subject_id="1")
    session.commit()
    run_jobs(app)
    assert list_jobs(session) == []


def test_a_dedup_key_is_free_again_when_its_job_is_done(app: Flask, session: Session) -> None:
    defer(session, "tests.note", dedup_key="same", subject_id="1")
    session.commit()
    run_jobs(app)
    assert defer(session, "tests.note", dedup_key="same", subject_id="2") is not None


def test_what_a_task_raises_reaches_the_caller(app: Flask, session: Session) -> None:
    defer(session, "tests.fail", subject_id="1")
    session.commit()
    with pytest.raises(RuntimeError):
        run_jobs(app)


def test_a_job_that_raised_is_failed_and_left_nothing(app: Flask, session: Session) -> None:
    defer(session, "tests.fail", subject_id="1")
    session.commit()
    with pytest.raises(RuntimeError):
        run_jobs(app)
    assert list_jobs(session) == [("tests.fail", "failed", 1)]


def test_a_job_that_is_due_later_stays(app: Flask, session: Session) -> None:
    defer(session, "tests.note", run_at=datetime.now(UTC) + timedelta(hours=1), subject_id="1")
    session.commit()
    assert run_jobs(app) == 0
