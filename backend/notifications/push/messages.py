"""Owns what a message to a device says: ids and a kind; the app asks for the words itself."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from backend.notifications.models import Notice


@dataclass(frozen=True, slots=True)
class Message:
    """One message for one device.

    :param data: ids and a kind, no words about anybody.
    :param topic: replaces what still waits under it (RFC 8030, 5.4).
    :param urgency: ``low`` or ``normal`` (RFC 8030, 5.3).
    """

    endpoint: str
    p256dh: str
    auth: str
    data: Mapping[str, str]
    topic: str
    urgency: str

    @classmethod
    def about(
        cls, notice: Notice, *, endpoint: str, p256dh: str, auth: str, is_urgent: bool
    ) -> Self:
        """Return the message that tells a device of a notice; sent twice, it replaces itself."""
        return cls(
            endpoint=endpoint,
            p256dh=p256dh,
            auth=auth,
            data={
                "notice_id": str(notice.id),
                "kind": notice.kind,
                "subject_type": notice.subject_type,
                "subject_id": str(notice.subject_id),
            },
            topic=base64.urlsafe_b64encode(notice.id.bytes).decode().rstrip("="),
            urgency="normal" if is_urgent else "low",
        )
