"""Owns the nightly clearing of changes that nobody has to be told any more."""

from datetime import timedelta

from flask import current_app

from backend import clock
from backend.db import unit_of_work
from backend.jobs.queue import tasks
from backend.me.sync.service import FORGOTTEN_AT_ONCE, forget_old


@tasks.periodic(name="sync.forget", cron="40 18 * * *")
def forget_old_changes() -> None:
    """Delete the changes that are too old to be told, a few thousand a transaction."""
    kept_for = timedelta(days=current_app.config["SYNC_DAYS"])
    forgotten = FORGOTTEN_AT_ONCE
    while forgotten == FORGOTTEN_AT_ONCE:
        with unit_of_work() as session:
            forgotten = forget_old(session, kept_for=kept_for, now=clock.now())
