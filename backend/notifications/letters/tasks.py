"""Owns the job that sends the letter to confirm an address."""

from uuid import UUID

import structlog
from flask import current_app

from backend import clock
from backend.db import unit_of_work
from backend.jobs.queue import tasks
from backend.notifications.letters.sending import desk_of, send_letter
from backend.notifications.letters.service import CONFIRM_TASK, find_unconfirmed
from backend.notifications.letters.tokens import sign_confirmation
from backend.notifications.preferences.service import get_preferences

log = structlog.get_logger(__name__)


class LetterNotSent(Exception):
    """The mail server did not take the letter now; the queue tries again."""


@tasks.task(name=CONFIRM_TASK)
def send_confirmation(account_id: str) -> None:
    """Send the letter, unless the address was confirmed or changed meanwhile."""
    config, now = current_app.config, clock.now()
    with unit_of_work() as session:
        account = find_unconfirmed(session, UUID(account_id))
        if account is None or not account.email:
            return
        token = sign_confirmation(account.id, account.email, secret=config["SECRET_KEY"], now=now)
        language = get_preferences(session, account.id).language
        letter = desk_of(config).write_confirmation(token, to=account.email, language=language)
    outcome = send_letter(config, letter)
    if outcome.result == "again":
        raise LetterNotSent(outcome.code)
    if outcome.result == "failed":
        log.warning("confirmation_not_sent", account_id=account_id, error=outcome.code)
