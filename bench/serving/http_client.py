"""Owns sending requests over kept connections and counting the answers; a program of its own.

Reads a job as JSON on standard input and writes a tally as JSON. One thread waits on all sockets
and does nothing with an answer but find its end, so that the client takes little of the machine;
the tally says how much.
"""

import json
import resource
import selectors
import socket
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

_CHUNK = 1 << 18
_NO_BODY = (204, 304)


@dataclass(frozen=True)
class Request:
    """One request; a body of JSON makes it a POST unless another method is named."""

    path: str
    body: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    method: str | None = None

    def to_bytes(self, host: str) -> bytes:
        """Return the request as it is sent (RFC 9112)."""
        body = None if self.body is None else self.body.encode()
        method = self.method or ("GET" if body is None else "POST")
        headers = {"Host": host, **self.headers}
        if body is None and method != "GET":
            headers["Content-Length"] = "0"
        if body is not None:
            headers |= {"Content-Type": "application/json", "Content-Length": str(len(body))}
        lines = [f"{method} {self.path} HTTP/1.1", *(f"{k}: {v}" for k, v in headers.items())]
        return "\r\n".join([*lines, "", ""]).encode() + (body or b"")


@dataclass(frozen=True)
class Job:
    """Requests for one server.

    :param seconds: how long to go round the requests; None sends each of them once.
    :param keep: return the bodies, in the order of the requests; for `seconds=None`.
    """

    host: str
    port: int
    requests: Sequence[Request]
    connections: int = 4
    seconds: float | None = None
    keep: bool = False


@dataclass
class Tally:
    """What came of a job.

    :param client_share: processor time of this client per second; near 1 it is the limit.
    """

    count: int
    elapsed_s: float
    client_share: float
    statuses: dict[str, int]
    bytes_received: int
    latencies_ms: list[float]
    bodies: list[str]


@dataclass(frozen=True)
class Answer:
    """One complete answer at the beginning of a buffer."""

    status: int
    body: bytes
    closes: bool


def parse(buffer: bytes) -> Answer | None:
    """Return the answer that `buffer` holds, or None while its end is missing (RFC 9112, 6.3)."""
    head, separator, rest = buffer.partition(b"\r\n\r\n")
    if not separator:
        return None
    status_line, *lines = head.split(b"\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (x.partition(b":") for x in lines)}
    status = int(status_line.split(b" ", 2)[1])
    closes = headers.get(b"connection", b"").lower() == b"close"
    if status in _NO_BODY:
        return Answer(status, b"", closes)
    if headers.get(b"transfer-encoding", b"").lower() == b"chunked":
        body = _dechunk(rest)
        return None if body is None else Answer(status, body, closes)
    length = int(headers[b"content-length"])
    return Answer(status, rest, closes) if len(rest) >= length else None


def _dechunk(data: bytes) -> bytes | None:
    if not data.endswith(b"0\r\n\r\n"):
        return None
    parts: list[bytes] = []
    while data:
        size_line, _, data = data.partition(b"\r\n")
        size = int(size_line.split(b";")[0], 16)
        if size == 0:
            return b"".join(parts)
        if len(data) < size + 2:
            return None
        parts.append(data[:size])
        data = data[size + 2 :]
    return None


@dataclass
class _Lane:
    """One connection with the one request that is under way on it."""

    sock: socket.socket
    number: int = 0
    began: float = 0.0
    buffer: bytes = b""


class Client:
    """Runs one job."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._messages = [each.to_bytes(f"{job.host}:{job.port}") for each in job.requests]
        self._selector = selectors.DefaultSelector()
        self._next = 0
        self._bodies = [""] * (len(job.requests) if job.keep else 0)
        self._statuses: Counter[int] = Counter()
        self._latencies_s: list[float] = []
        self._received = 0
        self._deadline = float("inf")

    def run(self) -> Tally:
        """Send the requests and return the tally.

        :raises ConnectionError: when the server hangs up in the middle of an answer.
        """
        lanes = [self._connect() for _ in range(self._job.connections)]
        busy_s, began = _processor_s(), time.perf_counter()
        if self._job.seconds is not None:
            self._deadline = began + self._job.seconds
        under_way = sum(self._send(lane) for lane in lanes)
        while under_way:
            for key, _ in self._selector.select():
                under_way -= not self._receive(key.data)
        elapsed_s = time.perf_counter() - began
        share = (_processor_s() - busy_s) / elapsed_s
        for lane in lanes:
            lane.sock.close()
        return Tally(
            count=len(self._latencies_s),
            elapsed_s=elapsed_s,
            client_share=share,
            statuses={str(status): count for status, count in self._statuses.items()},
            bytes_received=self._received,
            latencies_ms=[seconds * 1000 for seconds in self._latencies_s],
            bodies=self._bodies,
        )

    def _connect(self) -> _Lane:
        lane = _Lane(self._open())
        self._selector.register(lane.sock, selectors.EVENT_READ, lane)
        return lane

    def _open(self) -> socket.socket:
        sock = socket.create_connection((self._job.host, self._job.port), timeout=60)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return sock

    def _send(self, lane: _Lane) -> bool:
        """Send the next request; False when there is none."""
        is_over = (
            self._next >= len(self._messages)
            if self._job.seconds is None
            else time.perf_counter() >= self._deadline
        )
        if is_over:
            self._selector.unregister(lane.sock)
            return False
        lane.number, lane.buffer = self._next % len(self._messages), b""
        self._next += 1
        lane.began = time.perf_counter()
        lane.sock.sendall(self._messages[lane.number])
        return True

    def _receive(self, lane: _Lane) -> bool:
        """Take what has arrived; False when the lane has nothing more to do."""
        data = lane.sock.recv(_CHUNK)
        if not data:
            msg = f"the server hung up on {self._job.requests[lane.number].path}"
            raise ConnectionError(msg)
        self._received += len(data)
        lane.buffer += data
        answer = parse(lane.buffer)
        if answer is None:
            return True
        self._latencies_s.append(time.perf_counter() - lane.began)
        self._statuses[answer.status] += 1
        if self._job.keep:
            self._bodies[lane.number] = answer.body.decode("utf-8", "surrogateescape")
        if answer.closes:
            self._selector.unregister(lane.sock)
            lane.sock.close()
            lane.sock = self._open()
            self._selector.register(lane.sock, selectors.EVENT_READ, lane)
        return self._send(lane)


def _processor_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def read_job(given: dict[str, Any]) -> Job:
    """Return a job from its JSON form."""
    return Job(**{**given, "requests": [Request(**each) for each in given["requests"]]})


if __name__ == "__main__":
    tally = Client(read_job(json.load(sys.stdin))).run()
    json.dump(asdict(tally), sys.stdout)
