"""Owns the sending of one mail over SMTP (RFC 5321); knows neither accounts nor notices.

Called by jobs, never inside a request or a transaction: a server may take seconds to answer.
"""

import smtplib
import ssl
from collections.abc import Mapping
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import localtime, make_msgid, parseaddr
from typing import Any

from backend.config.mail import MailServer

TIMEOUT_S = 10
"""Longest wait for any one answer of the server."""


class MailNotSent(Exception):
    """The server could not be reached, or would not take the mail now; later it may."""


class MailOff(MailNotSent):
    """The installation has no mail server (DONGNE_SMTP_URL)."""


class MailRefused(MailNotSent):
    """The mail will never be taken: its address or a header of it is at fault."""


def is_mail_on(settings: Mapping[str, Any]) -> bool:
    """Tell whether the installation sends mail at all."""
    return settings["MAIL_SERVER"] is not None


def send_mail(
    settings: Mapping[str, Any],
    to: str,
    subject: str,
    text: str,
    *,
    headers: Mapping[str, str] | None = None,
) -> None:
    """Send a plain-text mail to one address.

    :param settings: the application's own (`backend.config`).
    :param to: a bare address, ``local@domain``.
    :param headers: further ones, such as ``List-Unsubscribe``, or a ``Message-ID`` by which a
        mail that went out twice is known as one.
    :raises MailOff: when the installation has no mail server.
    :raises MailRefused: when the address is none, a header holds a line break, or the server
        refuses for good (5xx).
    :raises MailNotSent: when it may go better later.
    """
    server: MailServer | None = settings["MAIL_SERVER"]
    if server is None:
        msg = "no mail is sent: DONGNE_SMTP_URL is not set"
        raise MailOff(msg)
    message = _compose(settings["MAIL_FROM"], to, subject, text, headers or {})
    try:
        with _connect(server) as smtp:
            smtp.send_message(message)
    except smtplib.SMTPRecipientsRefused as exc:
        code = max(code for code, _ in exc.recipients.values())
        raise _failure(code) from exc
    except smtplib.SMTPNotSupportedError as exc:
        msg = "the server lacks what the mail needs"
        raise MailRefused(msg) from exc
    except smtplib.SMTPAuthenticationError as exc:
        # The installation's fault, not the mail's: it goes out once the password is right.
        msg = "the server knows us not"
        raise MailNotSent(msg) from exc
    except smtplib.SMTPResponseException as exc:
        raise _failure(exc.smtp_code) from exc
    except (OSError, smtplib.SMTPException) as exc:
        msg = f"the server cannot be reached: {type(exc).__name__}"
        raise MailNotSent(msg) from exc


def _compose(
    from_: str, to: str, subject: str, text: str, headers: Mapping[str, str]
) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    try:
        message["From"] = from_
        message["To"] = _address(to)
        message["Subject"] = subject
        for name, value in headers.items():
            message[name] = value
    except (ValueError, IndexError) as exc:
        msg = "a header cannot be written"
        raise MailRefused(msg) from exc
    message["Date"] = localtime()
    if "Message-ID" not in message:
        message["Message-ID"] = make_msgid(domain=parseaddr(from_)[1].rpartition("@")[2])
    # Nobody's holiday notice answers a machine (RFC 3834, 5).
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text, cte="base64")
    return message


def _address(to: str) -> Address:
    """Return one address; what could be read as several, or as a header, is none.

    :raises ValueError: when it is none.
    """
    if not to.isprintable() or any(character in to for character in ' ,;:<>"'):
        msg = "no address"
        raise ValueError(msg)
    local, at, domain = to.rpartition("@")
    if not (local and at and domain):
        msg = "no address"
        raise ValueError(msg)
    return Address(username=local, domain=domain.encode("idna").decode("ascii"))


def _connect(server: MailServer) -> smtplib.SMTP:
    if server.is_tls:
        context = ssl.create_default_context()
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, timeout=TIMEOUT_S, context=context
        )
    else:
        smtp = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_S)
    try:
        if server.is_starttls:
            smtp.starttls(context=ssl.create_default_context())
        if server.user is not None:
            smtp.login(server.user, server.password or "")
    except BaseException:
        smtp.close()
        raise
    return smtp


def _failure(code: int) -> MailNotSent:
    if 500 <= code < 600:
        return MailRefused(f"the server refuses the mail for good ({code})")
    return MailNotSent(f"the server does not take the mail now ({code})")
