"""A worker that is killed while a push service thinks: the message comes again as the same."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from backend.accounts.models import Account
from backend.db import db, unit_of_work
from backend.jobs.sweeper import sweep
from backend.jobs.worker import run_jobs
from backend.notifications.preferences.choices import DEFAULT_GROUPS, Preferences
from backend.notifications.preferences.service import set_preferences
from backend.notifications.timing import DigestTime
from tests.support import databases
from tests.support.notices import deliveries, subscribe, tell
from tests.support.people import register
from tests.support.push_service import Device, PushService, running_push_service

VAPID_KEY = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAc"
STARTS_WITHIN_S = 30


@pytest.fixture
def push(committed_app: Flask) -> Iterator[PushService]:
    with running_push_service() as service:
        settings = {"PUSH_SERVICES": (service.origin,), "VAPID_PRIVATE_KEY": VAPID_KEY}
        committed_app.config |= settings
        yield service


def without_quiet_hours(session: Session, account: Account, now: datetime) -> None:
    """Let a person be rung at the hour at which the test happens to run."""
    chosen = Preferences("ko", None, DigestTime("daily", 8, 1), DEFAULT_GROUPS)
    set_preferences(session, account_id=account.id, chosen=chosen, now=now)
    session.commit()


def start_worker(app: Flask, push: PushService) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "tests.backend.jobs.worker_process"]
    settings = {"DONGNE_PUSH_SERVICES": push.origin, "DONGNE_VAPID_PRIVATE_KEY": VAPID_KEY}
    return subprocess.Popen(  # noqa: S603 (our own interpreter and module)
        [*command, app.config["SQLALCHEMY_DATABASE_URI"]],
        cwd=databases.ROOT,
        env=os.environ | settings,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def test_a_killed_workers_message_comes_again_under_its_topic(
    committed_app: Flask, push: PushService
) -> None:
    now = datetime.now(UTC)
    with committed_app.app_context():
        session = db.session()
        reader = register(session)
        without_quiet_hours(session, reader, now)
        subscribe(session, reader, f"{push.origin}/push/1", Device())
        tell(session, reader, now=now)
        db.session.remove()
    push.answers.clear()
    with start_worker(committed_app, push) as worker:
        try:
            assert push.asked.wait(STARTS_WITHIN_S)
        finally:
            worker.kill()
    push.answers.set()
    committed_app.config["CLOCK"] = lambda: now + timedelta(minutes=5)
    with committed_app.app_context(), unit_of_work() as session:
        sweep(session, now=datetime.now(UTC), stalled_after_s=0)
    run_jobs(committed_app)
    run_jobs(committed_app)
    with committed_app.app_context():
        assert [(row.state, row.attempts) for row in deliveries(db.session())] == [("sent", 2)]
        db.session.remove()
    topics = {taken.headers["Topic"] for taken in push.taken}
    assert (len(push.taken), len(topics)) == (2, 1)
