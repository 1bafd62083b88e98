"""Owns the jobs of accounts: the mail of a forgotten password, and forgetting what is over."""

from uuid import UUID

import structlog
from flask import current_app

from backend import clock
from backend.accounts import new_passwords, retention
from backend.accounts.mail import send_reset_code
from backend.accounts.residences import forget_location_uses
from backend.db import unit_of_work
from backend.jobs.queue import tasks
from backend.mail import MailRefused, is_mail_on

log = structlog.get_logger(__name__)


@tasks.task(name=new_passwords.TASK)
def send_password_reset(reset_id: str) -> None:
    """Send the code of a forgotten password; committed first, it is good when it arrives."""
    if not is_mail_on(current_app.config):
        log.warning("mail_off", reset_id=reset_id)
        return
    with unit_of_work() as session:
        issued = new_passwords.issue_code(session, reset_id=UUID(reset_id), now=clock.now())
        if issued is None or issued[0].email is None:
            return
        to, code = issued[0].email, issued[1]
    try:
        send_reset_code(current_app.config, to=to, code=code)
    except MailRefused as refusal:
        log.warning("mail_refused", reset_id=reset_id, error=str(refusal))


@tasks.periodic(name="accounts.forget_sign_ins", cron="40 18 * * *")
def forget_what_is_over() -> None:
    """Delete sign-ins, tokens and resets that nobody can use any more, at night in Seoul."""
    forgotten = retention.FORGOTTEN_AT_ONCE
    while forgotten == retention.FORGOTTEN_AT_ONCE:
        with unit_of_work() as session:
            forgotten = retention.forget_some(session, now=clock.now())
    with unit_of_work() as session:
        new_passwords.forget_old_resets(session, now=clock.now())


@tasks.periodic(name="accounts.forget_location_uses", cron="40 18 * * *")
def forget_old_location_uses() -> None:
    """Clear the log of used positions, every night in Korea."""
    with unit_of_work() as session:
        forget_location_uses(
            session, kept_days=current_app.config["LOCATION_USE_DAYS"], now=clock.now()
        )
