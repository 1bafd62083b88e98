"""Owns a mail server on loopback that keeps what it takes, or refuses as it is told."""

from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope


class Mailbox:
    """What a server took, as envelopes and mails; `refusal` is answered to every address."""

    def __init__(self) -> None:
        self.taken: list[tuple[Envelope, EmailMessage]] = []
        self.refusal: str | None = None

    async def handle_RCPT(
        self, _server: Any, _session: Any, envelope: Envelope, address: str, _options: Any
    ) -> str:
        """Take or refuse an address."""
        if self.refusal:
            return self.refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Envelope) -> str:
        """Keep a mail."""
        content = envelope.content
        assert isinstance(content, bytes)
        self.taken.append((envelope, message_from_bytes(content, policy=policy.default)))
        return "250 OK"


class _AnyPort(Controller):
    """A controller that is told its port by the machine."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def running_mail_server(mailbox: Mailbox) -> Iterator[Controller]:
    """Serve a mailbox on a free port of loopback; `port` of what is yielded says which."""
    controller = _AnyPort(mailbox, hostname="127.0.0.1", port=0)
    controller.start()
    try:
        yield controller
    finally:
        if controller.server is not None:
            controller.stop()
