"""Owns the settings of outgoing mail: by which server, and from whom."""

import ipaddress
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

from backend.config.setting import Setting

_PORTS = {"smtp": 25, "smtps": 465}
_STARTTLS_PORT = 587
_YES, _NO = ("", "1", "yes", "true"), ("0", "no", "false")


@dataclass(frozen=True, slots=True)
class MailServer:
    """A server that takes our mail.

    :param is_tls: TLS from the first byte (``smtps://``).
    :param is_starttls: TLS before anything else is said; a server that has none gets no mail.
    """

    host: str
    port: int
    user: str | None
    password: str | None
    is_tls: bool
    is_starttls: bool


def mail_server(text: str) -> MailServer | None:
    """Read ``smtp://user:password@host:port?starttls`` or ``smtps://...``; nothing turns mail off.

    A password goes over TLS, or not beyond this machine.
    """
    if not text:
        return None
    url = urlsplit(text)
    if url.scheme not in _PORTS or not url.hostname or url.path not in ("", "/") or url.fragment:
        msg = "must look like smtp://user:password@host:587?starttls"
        raise ValueError(msg)
    is_starttls = _starttls(url.query)
    is_tls = url.scheme == "smtps"
    if is_tls and is_starttls:
        msg = "smtps speaks TLS from the start: leave starttls out"
        raise ValueError(msg)
    if url.password and not (is_tls or is_starttls or _is_here(url.hostname)):
        msg = "a password needs smtps:// or ?starttls"
        raise ValueError(msg)
    return MailServer(
        host=url.hostname,
        port=url.port or (_STARTTLS_PORT if is_starttls else _PORTS[url.scheme]),
        user=unquote(url.username) if url.username else None,
        password=unquote(url.password) if url.password else None,
        is_tls=is_tls,
        is_starttls=is_starttls,
    )


def sender(text: str) -> str:
    """Read ``Name <local@domain>`` or a bare address; what breaks a header is no sender."""
    if not text.isprintable() or "@" not in text:
        msg = "must be an address such as Dongne <no-reply@dongne.example>"
        raise ValueError(msg)
    return text


def _starttls(query: str) -> bool:
    found = parse_qs(query, keep_blank_values=True)
    (value,) = found.pop("starttls", ["no"])
    if found or value not in (*_YES, *_NO):
        msg = "knows no other option than starttls, yes or no"
        raise ValueError(msg)
    return value in _YES


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


SETTINGS = (
    Setting(
        "MAIL_SERVER",
        "DONGNE_SMTP_URL",
        "",
        mail_server,
        "smtp://user:password@host:587?starttls or smtps://...; unset: no mail is sent",
    ),
    Setting(
        "MAIL_FROM",
        "DONGNE_MAIL_FROM",
        "Dongne <no-reply@dongne.localhost>",
        sender,
        "sender of mail",
    ),
)
