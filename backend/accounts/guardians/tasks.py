"""Owns the sending of letters to guardians, and the daily forgetting of what is over."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import structlog
from flask import current_app

from backend import clock
from backend.accounts.ages import forget_birthdays
from backend.accounts.guardians.letters import SUBJECT, current_carrier, write_letter
from backend.accounts.guardians.models import GuardianConsent
from backend.accounts.guardians.queries import digest
from backend.accounts.guardians.service import TASK, forget_unanswered, token_of
from backend.accounts.queries import get_account
from backend.db import db, release_connection, unit_of_work
from backend.jobs.queue import tasks

log = structlog.get_logger(__name__)


@tasks.task(name=TASK)
def send_link(guardian_consent_id: str) -> None:
    """Send a guardian the link, unless the question is over; a second letter does no harm."""
    session = db.session()
    consent = session.get(GuardianConsent, UUID(guardian_consent_id))
    if consent is None or consent.contact is None or consent.expires_at <= clock.now():
        return
    token = token_of(consent.id, current_app.config["SECRET_KEY"])
    if digest(token) != consent.token_sha256:
        # Asked under another secret key: the link would open nothing.
        log.warning("guardian_link_unsendable")
        return
    text = write_letter(
        name=get_account(session, consent.account_id).display_name,
        link=_page_of(current_app.config).replace("{token}", token),
        expires_at=consent.expires_at,
    )
    contact = consent.contact
    release_connection()
    current_carrier()(to=contact, subject=SUBJECT, text=text)


def _page_of(settings: Mapping[str, Any]) -> str:
    page: str = settings["GUARDIAN_LINK"] or f"{settings['PUBLIC_URL']}/guardian-consents/{{token}}"
    return page


@tasks.periodic(name="guardians.forget", cron="50 * * * *")
def forget_what_is_over() -> None:
    """Forget guardians who did not answer, and the birthdays of who is fourteen by now."""
    with unit_of_work() as session:
        forget_unanswered(session, now=clock.now())
        forget_birthdays(session, now=clock.now())
