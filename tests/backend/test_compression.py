"""Answers are packed for who takes that; their tags hold for reading again and for changing."""

import gzip
import http.client
import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import brotli
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from backend.compression import CODINGS, SMALLEST, choose_coding, zstd
from tests.support import databases
from tests.support.people import CITY_HALL_EMD, PASSWORD, register
from tests.support.proposals import make_draft, make_submitted
from tests.support.server import running_server

API = "/api/v1"
SignIn = Callable[..., dict[str, str]]
LONG = "밤길에 비상벨을 눌러도 누가 듣는지 알 수 없다. " * 20 + "끝"
UNPACK: dict[str, Callable[[bytes], bytes]] = {
    "zstd": zstd.decompress,
    "br": brotli.decompress,
    "gzip": gzip.decompress,
}


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("", None),
        ("identity", None),
        ("gzip", "gzip"),
        ("GZIP", "gzip"),
        ("gzip, deflate, br", "br"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("br;q=0.5, gzip;q=0.8", "gzip"),
        ("zstd;q=0, br;q=0, gzip", "gzip"),
        ("*", "zstd"),
        ("*;q=0", None),
        ("deflate", None),
        ("br;q=x", None),
        ("compress;q=0.5, gzip;q=1.0", "gzip"),
    ],
)
def test_a_reader_gets_the_best_coding_it_takes(accepted: str, coding: str | None) -> None:
    assert choose_coding(accepted) == coding


@pytest.mark.parametrize("coding", CODINGS)
def test_what_is_packed_is_unpacked_the_same(
    client: FlaskClient, session: Session, coding: str
) -> None:
    path = f"{API}/proposals/{make_submitted(session, problem=LONG).id}"
    plain = client.get(path)
    packed = client.get(path, headers={"Accept-Encoding": coding})
    assert packed.headers["Content-Encoding"] == coding
    assert UNPACK[coding](packed.data) == plain.data
    assert packed.content_length == len(packed.data) < len(plain.data) / 2
    assert "Content-Encoding" not in plain.headers
    assert "Accept-Encoding" in plain.vary
    assert "Accept-Encoding" in packed.vary


@pytest.mark.parametrize("coding", CODINGS)
def test_each_coding_has_a_strong_tag_of_its_own(
    client: FlaskClient, session: Session, coding: str
) -> None:
    path = f"{API}/proposals/{make_submitted(session, problem=LONG).id}"
    tag = client.get(path).headers["ETag"]
    accepting = {"Accept-Encoding": coding}
    packed = client.get(path, headers=accepting).headers["ETag"]
    assert packed == f'{tag[:-1]}~{coding}"'
    for known in (packed, tag, f'"other", {packed}', f"W/{packed}"):
        again = client.get(path, headers=accepting | {"If-None-Match": known})
        assert (again.status_code, again.data) == (304, b"")
        assert "Accept-Encoding" in again.vary
        # A 304 names what the reader has, lest a cache lose it.
        assert again.headers["ETag"] == (tag if known == tag else packed)
    stale = client.get(path, headers=accepting | {"If-None-Match": f'"x~{coding}"'})
    assert stale.status_code == 200


@pytest.mark.parametrize("coding", CODINGS)
def test_a_packed_tag_is_good_for_a_change_once(
    client: FlaskClient, session: Session, sign_in: SignIn, coding: str
) -> None:
    draft = make_draft(session, register(session, email="a@example.com"), problem=LONG)
    headers = sign_in("a@example.com")
    read = client.get(
        f"{API}/me/proposals/{draft.id}", headers=headers | {"Accept-Encoding": coding}
    )
    assert read.headers["Content-Encoding"] == coding
    for status in (200, 412):
        answer = client.patch(
            f"{API}/proposals/{draft.id}",
            json={"title": "나"},
            headers=headers | {"If-Match": read.headers["ETag"]},
        )
        assert answer.status_code == status


def test_a_small_answer_is_not_packed(client: FlaskClient) -> None:
    answer = client.get(f"{API}/rounds", headers={"Accept-Encoding": "br"})
    assert len(answer.data) < SMALLEST
    assert "Content-Encoding" not in answer.headers
    assert answer.headers["ETag"] == client.get(f"{API}/rounds").headers["ETag"]


def test_what_tells_a_secret_is_not_packed(
    client: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However long it is: its length would tell of the secret beside a sender's own text."""
    monkeypatch.setattr("backend.compression.SMALLEST", 1)
    facts = {"email": register(session).email, "password": PASSWORD}
    answer = client.post(f"{API}/sessions", json=facts, headers={"Accept-Encoding": "br"})
    assert answer.status_code == 201
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Content-Encoding" not in answer.headers
    read = client.get(f"{API}/rounds", headers={"Accept-Encoding": "br"})
    assert read.headers["Content-Encoding"] == "br"


def test_many_points_are_answered_packed(client: FlaskClient) -> None:
    points = {"points": [[126.9779, 37.5663]] * 200}
    answer = client.post(f"{API}/regions/locate", json=points, headers={"Accept-Encoding": "zstd"})
    assert answer.headers["Content-Encoding"] == "zstd"


def test_a_head_names_what_a_get_would_send(client: FlaskClient, session: Session) -> None:
    path = f"{API}/proposals/{make_submitted(session, problem=LONG).id}"
    headers = {"Accept-Encoding": "br"}
    got, asked = client.get(path, headers=headers), client.head(path, headers=headers)
    assert asked.data == b""
    for name in ("Content-Length", "Content-Encoding", "ETag", "Cache-Control", "Vary"):
        assert asked.headers[name] == got.headers[name]


def test_a_part_of_a_file_is_sent_as_it_lies_there(client: FlaskClient) -> None:
    def get(**headers: str) -> Any:
        return client.get("/static/site.css", headers=headers, buffered=True)

    whole = get()
    packed = get(**{"Accept-Encoding": "br"})
    assert packed.headers["Content-Encoding"] == "br"
    assert brotli.decompress(packed.data) == whole.data
    assert packed.data == get(**{"Accept-Encoding": "br"}).data
    headers = {"Accept-Encoding": "br", "Range": "bytes=0-9", "If-Range": packed.headers["ETag"]}
    # The range is of another representation: the reader gets the whole (RFC 9110, 13.1.5).
    assert get(**headers).status_code == 200
    part = get(**{"Accept-Encoding": "br", "Range": "bytes=0-9"})
    assert (part.status_code, part.data) == (206, whole.data[:10])
    assert "Content-Encoding" not in part.headers


@pytest.fixture(scope="module")
def served(template: str, app: Flask) -> Iterator[tuple[str, int, str]]:
    """A real server: its host and port, and the path of a long proposal.

    The proposal leaves jobs behind, whose names are known once there is an application.
    """
    with databases.copy_of(template) as url:
        engine = create_engine(url)
        with Session(engine) as session:
            author = register(session, email="author@example.com", residence=CITY_HALL_EMD)
            proposal_id = make_submitted(session, author, problem=LONG).id
        engine.dispose()
        with running_server(url) as base:
            address = urlsplit(base)
            assert address.hostname is not None
            assert address.port is not None
            yield address.hostname, address.port, f"{API}/proposals/{proposal_id}"


@pytest.mark.parametrize("coding", [*CODINGS, "identity"])
def test_over_the_wire_an_answer_is_packed_and_revalidated(
    served: tuple[str, int, str], coding: str
) -> None:
    host, port, path = served
    connection = http.client.HTTPConnection(host, port, timeout=20)

    def ask(**headers: str) -> tuple[Any, bytes]:
        connection.request("GET", path, headers={"Accept-Encoding": coding, **headers})
        answer = connection.getresponse()
        return answer, answer.read()

    first, body = ask()
    assert first.getheader("Content-Encoding", "identity") == coding
    assert int(first.getheader("Content-Length")) == len(body)
    shown = json.loads(UNPACK.get(coding, bytes)(body))
    assert shown["problem"] == LONG
    again, nothing = ask(**{"If-None-Match": first.getheader("ETag")})
    assert (again.status, nothing) == (304, b"")
    assert again.getheader("ETag") == first.getheader("ETag")
    connection.close()
