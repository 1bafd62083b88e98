"""Owns handing a letter to the mail server, and what its answer means for the next attempt."""

from collections.abc import Mapping
from email.utils import parseaddr
from typing import Any

from backend.mail import MailNotSent, MailOff, MailRefused, send_mail
from backend.notifications.deliveries.outcomes import Outcome
from backend.notifications.letters.composing import Desk, Letter


def desk_of(settings: Mapping[str, Any]) -> Desk:
    """Return what all letters of an installation share.

    :param settings: the application's own (`backend.config`).
    """
    domain = parseaddr(settings["MAIL_FROM"])[1].rpartition("@")[2]
    return Desk(settings["PUBLIC_URL"], settings["SECRET_KEY"], domain)


def send_letter(settings: Mapping[str, Any], letter: Letter) -> Outcome:
    """Send a letter once and return what came of it.

    :param settings: the application's own.
    """
    try:
        send_mail(settings, letter.to, letter.subject, letter.text, headers=letter.headers)
    except MailOff:
        return Outcome.failed("mail_off")
    except MailRefused:
        return Outcome.failed("mail_refused")
    except MailNotSent:
        return Outcome.again("mail_not_sent")
    return Outcome.sent()
