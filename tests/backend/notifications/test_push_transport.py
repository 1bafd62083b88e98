"""How a message travels: by TLS to who is vouched for, and never for longer than it may take."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.notifications.deliveries.outcomes import Outcome
from backend.notifications.push import sending
from backend.notifications.push.messages import Message
from backend.notifications.push.vapid import VapidKey
from tests.conftest import NOW
from tests.support.push_service import (
    Device,
    PushService,
    make_certificate,
    running_push_service,
)

KEY = VapidKey(bytes(31) + b"\x07")


def send(origin: str, device: Device) -> Outcome:
    message = Message(
        endpoint=f"{origin}/push/1",
        data={"kind": "proposal_submitted"},
        topic="topic",
        urgency="normal",
        **device.keys,
    )
    return sending.send(
        message, key=KEY, subject="mailto:us@example.com", services=[origin], now=NOW
    )


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    return make_certificate(tmp_path / "certificate.pem")


@pytest.fixture
def secured(certificate: Path) -> Iterator[PushService]:
    with running_push_service(certificate) as service:
        yield service


def test_a_service_that_nobody_vouches_for_gets_nothing(secured: PushService) -> None:
    assert send(secured.origin, Device()) == Outcome.again("SSLCertVerificationError")
    assert secured.taken == []


def test_a_service_that_is_vouched_for_gets_the_message(
    secured: PushService, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    device = Device()
    assert send(secured.origin, device) == Outcome.sent()
    (taken,) = secured.taken
    assert device.open(taken.body) == {"kind": "proposal_submitted"}
    assert taken.headers["Host"] == secured.origin.removeprefix("https://")


def test_another_device_cannot_open_the_message() -> None:
    with running_push_service() as service:
        send(service.origin, Device())
        with pytest.raises(Exception, match="Decryption error"):
            Device().open(service.taken[0].body)


def test_nobody_waits_for_a_service_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "ANSWER_S", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        origin = f"http://127.0.0.1:{silent.getsockname()[1]}"
        assert send(origin, Device()) == Outcome.again("timeout")


def test_a_service_that_is_away_is_asked_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        origin = f"http://127.0.0.1:{gone.getsockname()[1]}"
    assert send(origin, Device()) == Outcome.again("ConnectionRefusedError")


def test_what_is_no_answer_is_no_success() -> None:
    with socket.create_server(("127.0.0.1", 0)) as garbled:
        origin = f"http://127.0.0.1:{garbled.getsockname()[1]}"

        def babble() -> None:
            connection, _ = garbled.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(b"SSH-2.0-OpenSSH\r\n")

        thread = threading.Thread(target=babble)
        thread.start()
        assert send(origin, Device()) == Outcome.again("BadStatusLine")
        thread.join()
