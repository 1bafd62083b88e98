"""Owns a client as a phone app has to be where the network cannot be trusted.

What is written carries its key until it is acknowledged, edits name the state that they change, and
a renewal whose answer was lost is sent again with the token that is known.
"""

from collections.abc import Callable, Mapping
from random import Random
from typing import Any

from tests.support.journal import Intent, Journal, Outcome
from tests.support.wire import Answer, Lost, ask

API = "/api/v1"
TRIES = 4
"""After so many the phone leaves a write for later."""
PATIENT_TRIES = 40
"""Where the person waits in front of the screen: signing in, reading."""
TRY_AGAIN = frozenset({"request_under_way", "conflict"})
"""Codes of 409 that the next try may not get."""


class NoNetwork(Exception):
    """Nothing came back, so often that the phone stops trying."""


class SignedOut(Exception):
    """The server wants e-mail and password again."""


class Phone:
    """One person's app.

    :param address: of the server, or of what stands before it.
    :param device_id: made by the app when it was installed.
    :param pause: waits for seconds; a test may let them pass faster.
    """

    def __init__(
        self,
        address: str,
        *,
        email: str,
        password: str,
        device_id: str,
        random: Random,
        pause: Callable[[float], None],
    ) -> None:
        self._address = address
        self._random, self._pause = random, pause
        self._credentials = {"email": email, "password": password}
        self._device = {"device_id": device_id}
        self._access_token = self._refresh_token = ""
        self._seen: dict[str, Answer] = {}
        self.journal = Journal()

    def move_to(self, address: str) -> None:
        """Go on by another network."""
        self._address = address

    def register(self, display_name: str, **facts: Any) -> None:
        """Register; an address that is taken was taken by a try of one's own, or signing in fails.

        :param facts: what an installation wants to know besides.
        :raises NoNetwork: when nothing comes back.
        """
        body = {**self._credentials, "display_name": display_name, **facts}
        answer = self._patiently("POST", "/accounts", body)
        assert answer.status == 201 or answer.code == "email_taken", answer

    def sign_in(self) -> None:
        """Sign in with e-mail and password.

        :raises NoNetwork: when nothing comes back.
        """
        answer = self._patiently("POST", "/sessions", {**self._credentials, **self._device})
        assert answer.status == 201, answer
        self._keep_tokens(answer)

    def renew(self) -> None:
        """Exchange the refresh token; a lost answer is asked for again with the same token.

        :raises NoNetwork: when nothing comes back.
        :raises SignedOut: when the server does not take it.
        """
        body = {"refresh_token": self._refresh_token, **self._device}
        answer = self._patiently("POST", "/sessions/renewal", body)
        if answer.status == 401:
            raise SignedOut(answer.body)
        assert answer.status == 201, answer
        self._keep_tokens(answer)

    def read(self, path: str) -> Any:
        """Return what is at an address; what has not changed is not sent again.

        :raises NoNetwork: when nothing comes back.
        :raises SignedOut: when the server does not know the caller any more.
        """
        return self._read(path).body

    def intend(
        self,
        kind: str,
        about: str,
        method: str,
        path: str,
        body: dict[str, Any] | None = None,
        *,
        edits: str | None = None,
    ) -> Intent:
        """Write down what is wanted, and try to have it done."""
        intent = Intent(kind, about, method, path, body, edits)
        self.journal.intents.append(intent)
        self._carry_out(intent)
        return intent

    def send_chunks(self, path: str, body: bytes, chunk_bytes: int) -> None:
        """Send a file that was announced, each chunk from where the server says that it is.

        :param path: of the upload.
        :raises NoNetwork: when nothing comes back.
        """
        arrived = self._read(path).body["offset"]
        while arrived < len(body):
            headers = {
                "Content-Type": "application/offset+octet-stream",
                "Upload-Offset": str(arrived),
            }
            chunk = body[arrived : arrived + chunk_bytes]
            answer = self._patiently("PATCH", path, chunk, headers)
            assert answer.status == 200 or answer.code == "upload_offset_differs", answer
            arrived = answer.body["offset"]

    def send_pending(self) -> None:
        """Try once more to have done what is not known to be done, as it was wanted."""
        for intent in self.journal.of(Outcome.PENDING):
            self._carry_out(intent)

    def _carry_out(self, intent: Intent) -> None:
        for attempt in range(TRIES):
            try:
                answer = self._send_intent(intent)
            except (Lost, NoNetwork):
                self._back_off(attempt)
                continue
            if answer is None or answer.status < 300:
                intent.outcome = Outcome.ACKNOWLEDGED
                return
            if answer.status == 401:
                self.renew()
            elif answer.status in (429, 503) or answer.code in TRY_AGAIN:
                self._back_off(attempt, answer)
            elif answer.status == 404 and intent.method == "DELETE":
                # A try whose answer was lost, or its double, was heard: what shall be gone is gone.
                intent.outcome = Outcome.ACKNOWLEDGED
                return
            elif answer.status == 412 and intent.edits:
                self._seen.pop(intent.edits, None)
            else:
                intent.outcome, intent.told = Outcome.REFUSED, f"{answer.status} {answer.body}"
                return

    def _send_intent(self, intent: Intent) -> Answer | None:
        """Send an intent once; None where its effect is there already."""
        headers = {"Idempotency-Key": intent.key} if intent.method == "POST" else {}
        if intent.edits is not None:
            present = self._seen.get(intent.edits) or self._read(intent.edits)
            wanted = intent.body or {}
            if wanted and intent.sent and wanted == {name: present.body[name] for name in wanted}:
                return None
            headers["If-Match"] = present.headers["etag"]
        intent.sent += 1
        return self._try(intent.method, intent.path, intent.body, headers)

    def _read(self, path: str) -> Answer:
        seen = self._seen.get(path)
        headers = {"If-None-Match": seen.headers["etag"]} if seen else {}
        answer = self._patiently("GET", path, headers=headers)
        if answer.status == 401:
            self.renew()
            answer = self._patiently("GET", path, headers=headers)
        if answer.status == 304 and seen:
            return seen
        assert answer.status == 200, answer
        if "etag" in answer.headers:
            self._seen[path] = answer
        return answer

    def _patiently(
        self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        for attempt in range(PATIENT_TRIES):
            try:
                answer = self._try(method, path, body, headers or {})
            except Lost:
                self._back_off(attempt)
                continue
            if answer.status not in (429, 503) and answer.code not in TRY_AGAIN:
                return answer
            self._back_off(attempt, answer)
        msg = f"{method} {path}"
        raise NoNetwork(msg)

    def _try(self, method: str, path: str, body: Any, headers: Mapping[str, str]) -> Answer:
        sent = dict(headers)
        if self._access_token and not path.startswith(("/sessions", "/accounts")):
            sent["Authorization"] = f"Bearer {self._access_token}"
        return ask(self._address, method, API + path, body, sent)

    def _back_off(self, attempt: int, answer: Answer | None = None) -> None:
        """Wait: as long as the server says, else twice as long each time, and never in step."""
        told = float(answer.headers.get("retry-after", 0)) if answer else 0.0
        self._pause(max(told, min(2**attempt, 30) * self._random.uniform(0.5, 1)))

    def _keep_tokens(self, answer: Answer) -> None:
        self._access_token = answer.body["access_token"]
        self._refresh_token = answer.body["refresh_token"]
