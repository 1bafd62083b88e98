"""Owns a bad network: a proxy on loopback that loses, delays, doubles and cuts by a seeded plan.

It stands between one phone and a server, and takes a request a connection, as its phone sends them.
"""

import socket
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum
from itertools import repeat
from random import Random
from struct import pack
from urllib.parse import urlsplit

PATIENCE_S = 20
DELAY_S = 0.01
RESET_ON_CLOSE = pack("ii", 1, 0)
"""SO_LINGER: what was not sent is thrown away, and the other side sees a broken connection."""


class Fate(StrEnum):
    """What becomes of a request and its answer."""

    FINE = "fine"
    REQUEST_LOST = "request_lost"
    """The server never hears of it."""
    ANSWER_LOST = "answer_lost"
    """The server did it, and the phone never hears of that."""
    ANSWER_CUT = "answer_cut"
    """The phone gets the first half of the answer."""
    DELAYED = "delayed"
    DOUBLED = "doubled"
    """It arrives twice at the same time; the phone gets one of the answers."""
    LATE = "late"
    """The phone takes it for lost; it arrives together with the request that comes next."""


TROUBLES = tuple(fate for fate in Fate if fate is not Fate.FINE)


def plan(seed: int, trouble: float) -> Iterator[Fate]:
    """Yield the fates of requests, the same ones for the same seed.

    :param trouble: share of requests that something happens to, 0 to 1.
    """
    random = Random(seed)  # noqa: S311 (a plan of a test)
    while True:
        yield random.choice(TROUBLES) if random.random() < trouble else Fate.FINE


class FlakyProxy:
    """A proxy that is running; `met` counts the fates that requests have had."""

    def __init__(self, upstream: str, fates: Iterator[Fate]) -> None:
        to = urlsplit(upstream)
        self._upstream = (to.hostname or "", to.port or 80)
        self._fates = fates
        self._late: list[bytes] = []
        self._forwarding: list[threading.Thread] = []
        self.met: Counter[Fate] = Counter()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self._serving = threading.Thread(target=self._serve)
        self._serving.start()

    def only(self, fate: Fate) -> None:
        """Let every request from now on have the same fate."""
        self._fates = repeat(fate)

    def close(self) -> None:
        """Take no more requests, and wait until those under way have arrived."""
        # Closing alone does not wake who waits for a connection.
        self._listening.shutdown(socket.SHUT_RDWR)
        self._serving.join()
        self._listening.close()
        self._release_late()
        for thread in self._forwarding:
            thread.join()

    def _serve(self) -> None:
        while True:
            try:
                phone, _ = self._listening.accept()
            except OSError:
                return
            with phone, suppress(OSError):
                phone.settimeout(PATIENCE_S)
                request = read_message(phone)
                if request:
                    self._carry(phone, request, next(self._fates))

    def _carry(self, phone: socket.socket, request: bytes, fate: Fate) -> None:
        self.met[fate] += 1
        self._release_late()
        if fate is Fate.REQUEST_LOST:
            return
        if fate is Fate.LATE:
            self._late.append(request)
            return
        if fate is Fate.DELAYED:
            threading.Event().wait(DELAY_S)
        if fate is Fate.DOUBLED:
            self._forward_aside(request)
        answer = self._forward(request)
        if fate is Fate.ANSWER_LOST:
            return
        if fate is Fate.ANSWER_CUT:
            phone.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
            answer = answer[: len(answer) // 2]
        phone.sendall(answer)

    def _release_late(self) -> None:
        while self._late:
            self._forward_aside(self._late.pop())

    def _forward_aside(self, request: bytes) -> None:
        thread = threading.Thread(target=self._forward_unheard, args=(request,))
        self._forwarding.append(thread)
        thread.start()

    def _forward_unheard(self, request: bytes) -> None:
        with suppress(OSError):
            self._forward(request)

    def _forward(self, request: bytes) -> bytes:
        with socket.create_connection(self._upstream, timeout=PATIENCE_S) as server:
            server.sendall(request)
            return b"".join(iter(lambda: server.recv(65_536), b""))


def read_message(connection: socket.socket) -> bytes:
    """Return a whole request as it came; empty where none came."""
    read = b""
    while b"\r\n\r\n" not in read:
        more = connection.recv(65_536)
        if not more:
            return b""
        read += more
    head, _, body = read.partition(b"\r\n\r\n")
    length = next(
        (
            int(line.split(b":")[1])
            for line in head.split(b"\r\n")
            if line.lower().startswith(b"content-length:")
        ),
        0,
    )
    while len(body) < length:
        body += connection.recv(65_536)
    return head + b"\r\n\r\n" + body


@contextmanager
def flaky_proxy(upstream: str, *, seed: int, trouble: float) -> Iterator[FlakyProxy]:
    """Stand between a phone and a server until the block ends."""
    proxy = FlakyProxy(upstream, plan(seed, trouble))
    try:
        yield proxy
    finally:
        proxy.close()
