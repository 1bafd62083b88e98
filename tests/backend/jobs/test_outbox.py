"""Handing over work: with the transaction, or not at all."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from backend.db import unit_of_work
from backend.jobs.outbox import defer
from backend.jobs.queue import UnknownTask
from tests.backend.jobs import sample_tasks  # noqa: F401 (registers the tasks)
from tests.backend.jobs.looking import list_jobs


def test_a_commit_leaves_one_job(committed_app: Flask) -> None:
    with committed_app.app_context(), unit_of_work() as session:
        defer(session, "tests.note", subject_id="1")
    with committed_app.app_context(), unit_of_work() as session:
        assert list_jobs(session) == [("tests.note", "todo", 0)]


def test_a_rollback_leaves_no_job(committed_app: Flask) -> None:
    def fail_after_deferring() -> None:
        with unit_of_work() as session:
            defer(session, "tests.note", subject_id="1")
            raise RuntimeError

    with committed_app.app_context():
        with pytest.raises(RuntimeError):
            fail_after_deferring()
        with unit_of_work() as session:
            assert list_jobs(session) == []


def test_a_uuid_travels_as_text(session: Session) -> None:
    account_id = UUID("0198a3c0-0000-7000-8000-00000000000a")
    defer(session, "tests.note", subject_id=account_id)
    payload = session.scalar(text("SELECT args FROM procrastinate_jobs"))
    assert payload == {"subject_id": str(account_id)}


@pytest.mark.parametrize("value", [{"name": "홍길동"}, ["a"], 1.5, None, True])
def test_a_payload_of_anything_but_ids_is_refused(session: Session, value: object) -> None:
    with pytest.raises(TypeError, match="ids only"):
        defer(session, "tests.note", subject_id=value)  # type: ignore[arg-type]


def test_an_unknown_task_is_refused(session: Session) -> None:
    with pytest.raises(UnknownTask):
        defer(session, "tests.mistyped", subject_id="1")


def test_a_twin_is_not_queued(session: Session) -> None:
    for subject_id in ("1", "2"):
        defer(session, "tests.note", dedup_key="same", subject_id=subject_id)
    assert list_jobs(session) == [("tests.note", "todo", 0)]


def test_a_refused_twin_leaves_the_transaction_usable(session: Session) -> None:
    for subject_id in ("1", "2"):
        defer(session, "tests.note", dedup_key="same", subject_id=subject_id)
    assert defer(session, "tests.note", dedup_key="other", subject_id="3") is not None


def test_a_job_can_wait_for_its_time(session: Session, now: datetime) -> None:
    defer(session, "tests.note", run_at=now + timedelta(days=1), subject_id="1")
    assert session.scalar(text("SELECT scheduled_at FROM procrastinate_jobs")) == now + timedelta(
        days=1
    )
