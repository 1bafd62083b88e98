"""Where messages may be sent to: a subscription is an address that a stranger gave."""

import socket
from typing import Any

import pytest

from backend.config.notifications import SETTINGS
from backend.notifications.push.endpoints import (
    EndpointRefused,
    find_address,
    read_endpoint,
)

SERVICES = next(s for s in SETTINGS if s.key == "PUSH_SERVICES").parse(
    next(s.default for s in SETTINGS if s.key == "PUSH_SERVICES") or ""
)
TEST_SERVICE = "http://127.0.0.1:9000"


@pytest.mark.parametrize(
    "url",
    [
        "https://fcm.googleapis.com/fcm/send/abc:def",
        "https://updates.push.services.mozilla.com/wpush/v2/gAAA",
        "https://web.push.apple.com/QGuQyavX",
        "https://db5p.notify.windows.com/w/?token=BQYAAA%3d",
        "https://FCM.googleapis.com:443/fcm/send/abc",
    ],
)
def test_known_services_are_taken(url: str) -> None:
    assert read_endpoint(url, SERVICES).is_secure


@pytest.mark.parametrize(
    "url",
    [
        "http://fcm.googleapis.com/fcm/send/abc",
        "https://fcm.googleapis.com:8443/fcm/send/abc",
        "https://user@fcm.googleapis.com/",
        "https://fcm.googleapis.com@evil.example/",
        "https://evil.example/?fcm.googleapis.com",
        "https://evil.example#@fcm.googleapis.com/",
        "https://fcm.googleapis.com.evil.example/",
        "https://notfcm.googleapis.com/",
        "https://push.apple.com/",
        "https://evilpush.apple.com/",
        "https://fcm.googleapis.com\\@evil.example/",
        "https://fcm.googleapis.com./",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://169.254.169.254/latest/meta-data",
        "http://localhost:5432/",
        "https://fcm.googleapis.com:99999/",
        "https://fcm.googleapis.com/ x",
        "https://fcm.googleapis.com/\r\nHost: evil.example",
        "https://fcm.googleapis.com/\u00e9",
        "https://[fcm.googleapis.com/",
        "file:///etc/passwd",
        "gopher://fcm.googleapis.com/",
        "//fcm.googleapis.com/",
        "fcm.googleapis.com",
        "",
        "https://fcm.googleapis.com/" + "a" * 1000,
    ],
)
def test_everything_else_is_refused(url: str) -> None:
    with pytest.raises(EndpointRefused):
        read_endpoint(url, SERVICES)


def test_a_test_service_is_one_origin_of_the_settings_and_no_other() -> None:
    assert read_endpoint(f"{TEST_SERVICE}/push/1", [TEST_SERVICE]).is_test
    for other in ("http://127.0.0.1:9001/", "https://127.0.0.1:9000/", "http://127.0.0.1/"):
        with pytest.raises(EndpointRefused):
            read_endpoint(other, [TEST_SERVICE])


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104 (an address that is refused)
        "224.0.0.1",
        "::1",
        "fe80::1",
        "fe80::1%eth0",
        "fd00::1",
        "::ffff:10.0.0.1",
    ],
)
def test_a_known_name_that_leads_inside_is_refused(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    resolve(monkeypatch, "142.250.206.234", address)
    with pytest.raises(EndpointRefused):
        find_address(read_endpoint("https://fcm.googleapis.com/x", SERVICES))


def test_a_known_name_that_leads_outside_gives_its_address(monkeypatch: pytest.MonkeyPatch) -> None:
    resolve(monkeypatch, "142.250.206.234")
    endpoint = read_endpoint("https://fcm.googleapis.com/x", SERVICES)
    assert find_address(endpoint) == "142.250.206.234"


def resolve(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    """Have every name stand for some addresses."""

    def answer(_host: str, port: int, **_: Any) -> list[Any]:
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses
        ]

    monkeypatch.setattr(socket, "getaddrinfo", answer)
