"""What a provider's documents may do to us: nothing, when it fails or lies."""

import json
import threading
from base64 import urlsafe_b64encode
from typing import Any

import pytest

from backend.accounts.oidc import fetching
from tests.conftest import Clock
from tests.support.oidc_provider import DISCOVERY, KEYS, TOKEN, App, Fault, TestProvider, new_key

SESSIONS = "/sessions/oidc"
ELSEWHERE = {"Location": "https://attacker.example/"}


def unavailable(answer: Any) -> bool:
    """Tell whether the answer is that of a provider that fails."""
    return (answer.status_code, answer.json["code"], answer.headers["Retry-After"]) == (
        503,
        "provider_unavailable",
        "5",
    )


FAULTS = {
    "server error": Fault(status=500),
    "not found": Fault(status=404),
    "redirected": Fault(status=302, headers=ELSEWHERE),
    "redirected with a body": Fault(status=307, headers=ELSEWHERE, body=b'{"issuer": "x"}'),
    "no JSON": Fault(body=b"<html>"),
    "no object": Fault(body=b"[]"),
    "empty": Fault(body=b""),
    "too large": Fault(body=b'{"a": "' + b"x" * fetching.MOST_BYTES + b'"}'),
    "bottomless": Fault(body=b"[" * 100_000),
    "no UTF-8": Fault(body=b'{"issuer": "\xff"}'),
    "cut": Fault(body=b'{"issuer":', headers={"Connection": "close"}),
}
FAILING = pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())


@FAILING
def test_a_discovery_document_that_fails_is_no_error_of_ours(
    provider: TestProvider, phone: App, fault: Fault
) -> None:
    provider.faults[DISCOVERY] = fault
    assert unavailable(phone.begin())
    assert provider.asked == [DISCOVERY]


@FAILING
def test_a_token_endpoint_that_fails_is_no_error_of_ours(
    provider: TestProvider, phone: App, fault: Fault
) -> None:
    back = phone.come_back(provider, "kim")
    provider.faults[TOKEN] = fault
    assert unavailable(phone.post(SESSIONS, back))


@FAILING
def test_keys_that_fail_are_no_error_of_ours(
    provider: TestProvider, phone: App, fault: Fault
) -> None:
    provider.faults[KEYS] = fault
    assert unavailable(phone.sign_in(provider, "kim"))


@pytest.mark.parametrize("path", [DISCOVERY, KEYS, TOKEN])
def test_a_provider_that_does_not_answer_is_not_waited_for(
    provider: TestProvider, phone: App, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setattr(fetching, "WAIT_S", 0.05)
    provider.faults[path] = Fault(wait_for=threading.Event())
    answer = phone.begin() if path == DISCOVERY else phone.sign_in(provider, "kim")
    assert unavailable(answer)


def test_a_body_that_trickles_is_not_waited_for(
    provider: TestProvider, phone: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "WHOLE_S", -1.0)
    assert unavailable(phone.begin())


def test_nobody_listens_at_the_providers_address(provider: TestProvider, phone: App) -> None:
    provider.changed["token_endpoint"] = "http://127.0.0.1:1/token"  # port 1: tcpmux, unused
    assert unavailable(phone.sign_in(provider, "kim"))


def test_a_provider_that_failed_is_left_alone_for_a_moment(
    provider: TestProvider, phone: App, clock: Clock
) -> None:
    provider.faults[DISCOVERY] = Fault(status=500)
    phone.begin()
    del provider.faults[DISCOVERY]
    assert unavailable(phone.begin())
    assert provider.asked == [DISCOVERY]
    clock.move(seconds=5)
    assert phone.begin().status_code == 201


def test_an_attempt_outlives_a_failure_of_the_provider(
    provider: TestProvider, phone: App, clock: Clock
) -> None:
    back = phone.come_back(provider, "kim")
    provider.faults[TOKEN] = Fault(status=500)
    assert unavailable(phone.post(SESSIONS, back))
    del provider.faults[TOKEN]
    clock.move(seconds=5)
    assert phone.post(SESSIONS, back).status_code == 201


@pytest.mark.parametrize(
    "change",
    [
        {"issuer": "https://other.example"},
        {"issuer": None},
        {"authorization_endpoint": None},
        {"token_endpoint": "http://provider.example/token"},
        {"token_endpoint": "ftp://provider.example/token"},
        {"token_endpoint": "https://user:password@provider.example/token"},
        {"token_endpoint": ["https://provider.example/token"]},
        {"jwks_uri": "file:///etc/passwd"},
        {"jwks_uri": "http://[::1/keys"},
        {"jwks_uri": 1},
    ],
)
def test_a_document_that_lies_is_not_believed(
    provider: TestProvider, phone: App, change: dict[str, Any]
) -> None:
    provider.changed |= change
    assert unavailable(phone.begin())


def test_documents_are_kept_for_as_long_as_they_say(
    provider: TestProvider, phone: App, clock: Clock
) -> None:
    provider.max_age = 600
    phone.begin()
    clock.move(seconds=599)
    phone.begin()
    assert provider.asked.count(DISCOVERY) == 1
    clock.move(seconds=1)
    phone.begin()
    assert provider.asked.count(DISCOVERY) == 2


@pytest.mark.parametrize(("said", "kept_s"), [(None, 3600), (0, 60), (999_999_999, 86_400)])
def test_how_long_documents_are_kept_is_bounded(
    provider: TestProvider, phone: App, clock: Clock, said: int | None, kept_s: int
) -> None:
    provider.max_age = said
    phone.begin()
    clock.move(seconds=kept_s - 1)
    phone.begin()
    assert provider.asked.count(DISCOVERY) == 1
    clock.move(seconds=1)
    phone.begin()
    assert provider.asked.count(DISCOVERY) == 2


def test_a_new_key_of_the_provider_is_found(provider: TestProvider, phone: App) -> None:
    phone.sign_in(provider, "kim")
    provider.rotate()
    assert phone.sign_in(provider, "kim").status_code == 201
    assert provider.asked.count(KEYS) == 2


def test_a_key_that_is_gone_is_not_believed_any_more(
    provider: TestProvider, phone: App, clock: Clock
) -> None:
    provider.max_age = 60
    phone.sign_in(provider, "kim")
    (old,) = provider.keys
    provider.keys = [new_key()]
    clock.move(seconds=60)
    attempt = phone.begin(redirect_uri=None, code_challenge=None).json
    token = provider.sign(key=old, nonce=attempt["nonce"])
    answer = phone.post(SESSIONS, {"attempt_id": attempt["id"], "id_token": token})
    assert (answer.status_code, answer.json["code"]) == (401, "id_token_invalid")


def test_made_up_keys_do_not_make_us_ask_again_and_again(
    provider: TestProvider, phone: App, clock: Clock
) -> None:
    def send() -> None:
        attempt = phone.begin(redirect_uri=None, code_challenge=None).json
        token = provider.sign(nonce=attempt["nonce"], header={"kid": "made up"})
        answer = phone.post(SESSIONS, {"attempt_id": attempt["id"], "id_token": token})
        assert answer.json["code"] == "id_token_invalid"

    for _ in range(4):
        send()
    assert provider.asked.count(KEYS) == 2
    clock.move(seconds=60)
    send()
    assert provider.asked.count(KEYS) == 3


def test_keys_that_nobody_here_can_use_are_left_alone(provider: TestProvider, phone: App) -> None:
    good = provider.key_set()["keys"]
    other = [
        {"kty": "OKP", "crv": "Ed25519", "x": "A" * 43, "kid": "a"},
        {"kty": "AKP", "kid": "b"},
        {"kty": "RSA", "n": "AQAB", "e": "AQAB", "kid": "c"},
        {"kty": "RSA", "kid": "d"},
        {"kty": "oct", "k": "AAAA", "kid": "e"},
        {"kty": "RSA", "n": urlsafe_b64encode(b"\xc1" * 128).decode(), "e": "AQAB", "kid": "f"},
        {"kty": "EC", "crv": "P-256", "x": "AAAA", "y": "AAAA", "kid": "g"},
        {"kty": "EC", "crv": "unknown", "x": "AAAA", "y": "AAAA", "kid": "h"},
        good[0] | {"use": "enc"},
        "no key",
    ]
    back = phone.come_back(provider, "kim")
    provider.faults[KEYS] = Fault(body=json.dumps({"keys": [*other, *good]}).encode())
    assert phone.post(SESSIONS, back).status_code == 201


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (401, b'{"error": "invalid_client"}'),
        (400, b'{"error": "invalid_request"}'),
        (200, b'{"access_token": "without an id_token"}'),
        (200, b'{"id_token": ["a list"]}'),
        (200, b'{"id_token": "' + b"x" * 16_001 + b'"}'),
    ],
)
def test_a_refusal_that_is_not_about_the_code_is_the_providers_fault_or_ours(
    provider: TestProvider, phone: App, status: int, body: bytes
) -> None:
    back = phone.come_back(provider, "kim")
    provider.faults[TOKEN] = Fault(status=status, body=body)
    assert unavailable(phone.post(SESSIONS, back))
