"""Owns sending one message to a push service (RFC 8030), sealed for its device (RFC 8291)."""

import http.client
import json
import socket
import ssl
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec

from backend.notifications.deliveries.outcomes import Outcome
from backend.notifications.push.endpoints import (
    Endpoint,
    EndpointRefused,
    find_address,
    read_endpoint,
)
from backend.notifications.push.messages import Message
from backend.notifications.push.service import decode_key
from backend.notifications.push.vapid import VapidKey

CONNECT_S = 5
ANSWER_S = 10
MOST_BYTES = 4096
"""Of an answer that are read, and of a message that every push service takes (RFC 8291, 4)."""

LIFE_S = 3 * 24 * 3600
"""How long a push service keeps a message for a device that is off."""

LONGEST_WAIT_S = 24 * 3600

GONE = (404, 410)
"""The subscription has ended (RFC 8030, 7.3)."""

AGAIN = (408, 425, 429)
"""Refusals that a later attempt may not meet, beside those of 500 and above."""


def send(
    message: Message, *, key: VapidKey, subject: str, services: Sequence[str], now: datetime
) -> Outcome:
    """Send a message once and return what came of it; redirects are not followed.

    :param key: that signs for this installation.
    :param subject: address of the operator.
    :param services: where messages may be sent to.
    """
    try:
        endpoint = read_endpoint(message.endpoint, services)
        body = _seal(message)
        headers = {
            "Host": endpoint.origin.partition("://")[2],
            "Authorization": key.authorization(audience=endpoint.origin, subject=subject, now=now),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(LIFE_S),
            "Topic": message.topic,
            "Urgency": message.urgency,
        }
        status, retry_after = _post(endpoint, body, headers)
    except EndpointRefused:
        return Outcome.failed("endpoint_refused", gone=True)
    except TimeoutError:
        return Outcome.again("timeout")
    except (OSError, http.client.HTTPException) as exc:
        return Outcome.again(type(exc).__name__)
    if 200 <= status < 300:
        return Outcome.sent()
    code = f"http_{status}"
    if status in GONE:
        return Outcome.failed(code, gone=True)
    if status in AGAIN or status >= 500:
        return Outcome.again(code, wait_s=_seconds(retry_after))
    return Outcome.failed(code)


def _seal(message: Message) -> bytes:
    sealed: bytes = http_ece.encrypt(
        json.dumps(message.data).encode(),
        private_key=ec.generate_private_key(ec.SECP256R1()),
        dh=decode_key(message.p256dh),
        auth_secret=decode_key(message.auth),
        version="aes128gcm",
    )
    return sealed


def _post(endpoint: Endpoint, body: bytes, headers: Mapping[str, str]) -> tuple[int, str | None]:
    """Post to the address that was checked, whatever the name stands for a moment later."""
    raw = socket.create_connection((find_address(endpoint), endpoint.port), timeout=CONNECT_S)
    connection = http.client.HTTPConnection(endpoint.host, endpoint.port, timeout=ANSWER_S)
    try:
        connection.sock = _secured(raw, endpoint.host) if endpoint.is_secure else raw
        connection.sock.settimeout(ANSWER_S)
        connection.request("POST", endpoint.path, body, dict(headers))
        answer = connection.getresponse()
        answer.read(MOST_BYTES)
        return answer.status, answer.getheader("Retry-After")
    finally:
        connection.close()
        raw.close()


def _secured(raw: socket.socket, host: str) -> Any:
    return ssl.create_default_context().wrap_socket(raw, server_hostname=host)


def _seconds(retry_after: str | None) -> int | None:
    if retry_after is None or not retry_after.isascii() or not retry_after.isdigit():
        return None
    return min(int(retry_after[:9]), LONGEST_WAIT_S)
