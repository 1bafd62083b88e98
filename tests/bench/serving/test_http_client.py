"""The client counts complete answers only, keeps their order, and stops when it should."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from bench.serving.http_client import Client, Job, Request, parse, read_job


class Echo(BaseHTTPRequestHandler):
    """Answers with the path, or with the length of the body; /missing is not there."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.answer(404 if self.path == "/missing" else 200, self.path.encode())

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        self.answer(200, str(len(self.rfile.read(length))).encode())

    def answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        if self.path == "/close":
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (its parent's name)
        """Say nothing."""


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    thread.join()
    server.server_close()


def test_every_request_is_sent_once_and_bodies_keep_their_order(port: int) -> None:
    requests = [Request(f"/{number}") for number in range(50)]
    tally = Client(Job("127.0.0.1", port, requests, keep=True)).run()
    assert tally.bodies == [f"/{number}" for number in range(50)]
    assert (tally.count, tally.statuses) == (50, {"200": 50})


def test_a_body_is_posted(port: int) -> None:
    job = Job("127.0.0.1", port, [Request("/", body="동네" * 100_000)], connections=1, keep=True)
    assert Client(job).run().bodies == ["600000"]


def test_requests_go_round_until_the_time_is_over(port: int) -> None:
    tally = Client(Job("127.0.0.1", port, [Request("/a"), Request("/b")], seconds=0.05)).run()
    assert tally.elapsed_s >= 0.05
    assert tally.count >= 4
    assert len(tally.latencies_ms) == tally.count


def test_other_statuses_are_counted(port: int) -> None:
    tally = Client(Job("127.0.0.1", port, [Request("/missing"), Request("/there")])).run()
    assert tally.statuses == {"404": 1, "200": 1}


def test_a_server_that_closes_after_an_answer_is_asked_on(port: int) -> None:
    tally = Client(Job("127.0.0.1", port, [Request("/close")] * 5, connections=2)).run()
    assert tally.count == 5


def test_a_job_survives_its_journey_as_json() -> None:
    given = {"host": "h", "port": 1, "requests": [{"path": "/", "body": "{}", "headers": {}}]}
    assert read_job(json.loads(json.dumps(given))) == Job("h", 1, [Request("/", "{}")])


@pytest.mark.parametrize(
    ("buffer", "body"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab", b"ab"),
        (b"HTTP/1.1 304 Not Modified\r\nETag: x\r\n\r\n", b""),
        (
            b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n",
            b"abc",
        ),
    ],
    ids=["length", "no body", "chunks"],
)
def test_an_answer_is_known_by_its_end_and_not_before(buffer: bytes, body: bytes) -> None:
    answer = parse(buffer)
    assert answer is not None
    assert answer.body == body
    assert all(parse(buffer[:cut]) is None for cut in range(len(buffer)))
