"""Owns an OpenID provider on loopback for tests: discovery, keys, authorization, tokens, faults."""

import json
import secrets
import threading
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote_plus, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from backend.config.providers import Provider

CLIENT_ID = "dongne-app"
KIT_CLIENT_ID = "dongne-ios"
REDIRECT_URI = "kr.dongne.app:/signed-in"

DISCOVERY, KEYS, TOKEN = "/.well-known/openid-configuration", "/keys", "/token"


@dataclass
class Fault:
    """What a path answers in place of what it should.

    :param wait_for: answers only once this is set.
    """

    status: int = 200
    body: bytes = b"{}"
    headers: dict[str, str] = field(default_factory=dict)
    wait_for: threading.Event | None = None
    arrived: threading.Event = field(default_factory=threading.Event)
    """Set once somebody has asked."""


@dataclass
class _Code:
    """What a code was given for."""

    redirect_uri: str
    challenge: str
    nonce: str
    subject: str


class TestProvider:
    """A provider that answers on a port of loopback until its context ends.

    :param clock: its time.
    """

    __test__ = False

    def __init__(self, issuer: str, clock: Callable[[], datetime]) -> None:
        self.issuer = issuer
        self.clock = clock
        self.keys: list[RSAKey | ECKey] = [new_key()]
        self.faults: dict[str, Fault] = {}
        self.asked: list[str] = []
        self.changed: dict[str, Any] = {}
        """What the discovery document says otherwise."""
        self.max_age: int | None = None
        self.client_secret: str | None = None
        self._codes: dict[str, _Code] = {}

    def described(self, **changes: Any) -> Provider:
        """Return the provider as an operator describes it."""
        facts: dict[str, Any] = {
            "key": "test",
            "name_ko": "시험",
            "name_en": "Test",
            "issuer": self.issuer,
            "client_id": CLIENT_ID,
            "audiences": frozenset({CLIENT_ID, KIT_CLIENT_ID}),
            "redirect_uris": (REDIRECT_URI, "http://127.0.0.1/signed-in"),
            "client_secret": self.client_secret,
        }
        return Provider(**facts | changes)

    def rotate(self) -> None:
        """Sign with a new key from now on."""
        self.keys.insert(0, new_key())

    def sign(self, *, key: Any = None, header: dict[str, Any] | None = None, **claims: Any) -> str:
        """Return an ID token; claims that are None are left out."""
        key = key or self.keys[0]
        now = int(self.clock().timestamp())
        facts = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "sub": "248289761001",
            "iat": now,
            "exp": now + 300,
            **claims,
        }
        facts = {name: value for name, value in facts.items() if value is not None}
        algorithm = "RS256" if isinstance(key, RSAKey) else "ES256"
        full = {"alg": algorithm, "kid": key.kid, **(header or {})}
        full = {name: value for name, value in full.items() if value is not None}
        return jwt.encode(full, facts, key)

    def authorize(self, url: str, subject: str) -> dict[str, str]:
        """Let somebody agree in their browser; return what their app gets: code and state."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        assert asked["response_type"] == "code"
        assert asked["client_id"] == CLIENT_ID
        assert asked["code_challenge_method"] == "S256"
        assert "openid" in asked["scope"].split()
        code = secrets.token_urlsafe(16)
        self._codes[code] = _Code(
            asked["redirect_uri"], asked["code_challenge"], asked["nonce"], subject
        )
        return {"code": code, "state": asked["state"]}

    def discovery(self) -> dict[str, Any]:
        """Return the discovery document."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": self.issuer + TOKEN,
            "jwks_uri": self.issuer + KEYS,
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
            **self.changed,
        }

    def key_set(self) -> dict[str, Any]:
        """Return the public keys."""
        return {"keys": [key.as_dict(private=False) | {"use": "sig"} for key in self.keys]}

    def redeem(self, form: dict[str, str]) -> tuple[int, dict[str, str]]:
        """Answer the token endpoint: a code is good once, with its verifier and redirect."""
        given = self._codes.pop(form.get("code", ""), None)
        challenge = _challenge(form.get("code_verifier", ""))
        if form.get("client_secret") != self.client_secret:
            return 401, {"error": "invalid_client"}
        if (
            given is None
            or form.get("client_id") != CLIENT_ID
            or (given.redirect_uri, given.challenge) != (form.get("redirect_uri"), challenge)
        ):
            return 400, {"error": "invalid_grant"}
        token = self.sign(sub=given.subject, nonce=given.nonce)
        return 200, {"id_token": token, "access_token": "unused", "token_type": "Bearer"}


def new_key(kind: str = "RSA") -> RSAKey | ECKey:
    """Return a new key with an id."""
    facts = {"kid": secrets.token_hex(4)}
    if kind == "RSA":
        return RSAKey.generate_key(2048, facts)
    return ECKey.generate_key("P-256", facts)


@contextmanager
def running_provider(clock: Callable[[], datetime]) -> Iterator[TestProvider]:
    """Serve a provider on a port of loopback."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    provider = TestProvider(f"http://127.0.0.1:{server.server_port}", clock)
    server.provider = provider  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield provider
    finally:
        for fault in provider.faults.values():
            if fault.wait_for is not None:
                fault.wait_for.set()
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    """Answers the provider's addresses."""

    @property
    def provider(self) -> TestProvider:
        return self.server.provider  # type: ignore[attr-defined]

    def do_GET(self) -> None:
        documents = {DISCOVERY: self.provider.discovery, KEYS: self.provider.key_set}
        self._answer(lambda: (200, documents[self.path]()))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        scheme, _, credentials = self.headers.get("Authorization", "").partition(" ")
        if scheme == "Basic":
            _, _, password = b64decode(credentials).decode().partition(":")
            form["client_secret"] = unquote_plus(password)
        self._answer(lambda: self.provider.redeem(form))

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _answer(self, work: Callable[[], tuple[int, dict[str, Any]]]) -> None:
        provider = self.provider
        provider.asked.append(self.path)
        fault = provider.faults.get(self.path)
        if fault is not None:
            fault.arrived.set()
            if fault.wait_for is not None:
                fault.wait_for.wait()
            status, body, headers = fault.status, fault.body, fault.headers
        else:
            status, found = work()
            body, headers = json.dumps(found).encode(), {}
            if provider.max_age is not None:
                headers["Cache-Control"] = f"public, max-age={provider.max_age}"
        try:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except (BrokenPipeError, ConnectionResetError):
            # Who asked has not waited.
            self.close_connection = True


class App:
    """An app on a phone: keeps its verifier, and sends what came back from the browser.

    :param post: sends JSON to a path of the API and returns the answer.
    """

    def __init__(self, post: Callable[..., Any]) -> None:
        self.post = post
        self.verifier = secrets.token_urlsafe(32)

    def begin(self, **changes: Any) -> Any:
        """Begin an attempt, and return the answer."""
        facts = {
            "provider": "test",
            "redirect_uri": REDIRECT_URI,
            "code_challenge": _challenge(self.verifier),
        }
        facts = {name: value for name, value in {**facts, **changes}.items() if value is not None}
        return self.post("/sign-in-attempts", facts)

    def come_back(self, provider: TestProvider, subject: str, /, **changes: Any) -> dict[str, Any]:
        """Go through the browser as somebody, and return what there is to send."""
        attempt = self.begin(**changes).json
        back = provider.authorize(attempt["authorization_url"], subject)
        return {"attempt_id": attempt["id"], "code_verifier": self.verifier, **back}

    def sign_in(self, provider: TestProvider, subject: str, **facts: Any) -> Any:
        """Sign in as somebody, and return the answer."""
        return self.post("/sessions/oidc", {**self.come_back(provider, subject), **facts})


def _challenge(verifier: str) -> str:
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).decode().rstrip("=")
