"""Owns the work that accounts leave to be done at times."""

from flask import current_app

from backend import clock
from backend.accounts.residences import forget_location_uses
from backend.db import unit_of_work
from backend.jobs.queue import tasks


@tasks.periodic(name="accounts.forget_location_uses", cron="40 18 * * *")
def forget_old_location_uses() -> None:
    """Clear the log of used positions, every night in Korea."""
    with unit_of_work() as session:
        forget_location_uses(
            session, kept_days=current_app.config["LOCATION_USE_DAYS"], now=clock.now()
        )
