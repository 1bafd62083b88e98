"""Owns the domain's periodic task: the alert before a round's deadline."""

import structlog
from flask import current_app

from backend import clock
from backend.db import unit_of_work
from backend.fairness.alerts import alert_governments
from backend.jobs.queue import tasks

log = structlog.get_logger(__name__)


@tasks.periodic(name="fairness.alert_governments", cron="0 0 * * *")
def alert_before_deadlines() -> None:
    """Alert local governments where nobody applies, at nine in the morning in Seoul."""
    days = current_app.config["DEADLINE_ALERT_DAYS"]
    with unit_of_work() as session:
        alerts = alert_governments(session, now=clock.now(), days=days)
        told = [(str(alert.round_id), alert.local_government_code) for alert in alerts]
    for round_id, code in told:
        log.info("deadline_alerted", round_id=round_id, local_government_code=code)
