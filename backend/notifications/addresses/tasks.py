"""Owns the jobs of changed addresses: the two letters, and forgetting who did not answer."""

from uuid import UUID

import structlog
from flask import current_app

from backend import clock
from backend.db import unit_of_work
from backend.jobs.queue import tasks
from backend.notifications.addresses import service
from backend.notifications.letters.composing import Letter
from backend.notifications.letters.sending import desk_of, send_letter
from backend.notifications.letters.tasks import LetterNotSent
from backend.notifications.letters.tokens import sign_change
from backend.notifications.preferences.service import get_preferences

log = structlog.get_logger(__name__)


@tasks.task(name=service.TASK)
def send_email_change(account_id: str) -> None:
    """Send the link to the address that is wanted, and a warning to the present one."""
    for letter in _write(UUID(account_id)):
        outcome = send_letter(current_app.config, letter)
        if outcome.result == "again":
            raise LetterNotSent(outcome.code)
        if outcome.result == "failed":
            log.warning("email_change_not_sent", account_id=account_id, error=outcome.code)


@tasks.periodic(name="email_changes.forget", cron="25 * * * *")
def forget_old_changes() -> None:
    """Delete addresses whose readers did not answer in time."""
    with unit_of_work() as session:
        service.forget_old_changes(session, now=clock.now())


def _write(account_id: UUID) -> list[Letter]:
    config, now = current_app.config, clock.now()
    with unit_of_work() as session:
        wanted = service.find_wanted(session, account_id)
        if wanted is None:
            return []
        token = sign_change(account_id, wanted.email, secret=config["SECRET_KEY"], now=now)
        language = get_preferences(session, account_id).language
        desk, present = desk_of(config), wanted.account.email
        warning = [desk.write_change_warning(to=present, language=language)] if present else []
        return [*warning, desk.write_change(token, to=wanted.email, language=language)]
