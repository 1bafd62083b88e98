"""Bodies have a limit however they are sent: with their length, or in chunks without one."""

import http.client
import io
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.support import databases
from tests.support.people import register
from tests.support.proposals import make_draft
from tests.support.server import running_server

API = "/api/v1"
LIMIT = 1024 * 1024
SignIn = Callable[..., dict[str, str]]


def send_chunked(client: FlaskClient, path: str, body: bytes, **options: Any) -> Any:
    """Send a body that does not say how long it is, as a server hands it over."""
    return client.post(
        f"{API}{path}",
        input_stream=io.BytesIO(body),
        environ_overrides={"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"},
        **options,
    )


def padded(size: int) -> bytes:
    return b'{"email": "a@example.com", "password": "x"}'.ljust(size)


def test_a_body_without_a_length_is_read_whole(client: FlaskClient) -> None:
    answer = send_chunked(client, "/sessions", padded(LIMIT), content_type="application/json")
    assert answer.json["code"] == "credentials_invalid"


@pytest.mark.parametrize("size", [LIMIT + 1, 3 * LIMIT])
def test_a_body_without_a_length_is_refused_when_it_goes_on(client: FlaskClient, size: int) -> None:
    answer = send_chunked(client, "/sessions", padded(size), content_type="application/json")
    assert (answer.status_code, answer.json["code"]) == (413, "body_too_large")


def test_a_key_stands_for_a_body_without_a_length_too(
    client: FlaskClient, session: Session, sign_in: SignIn
) -> None:
    headers = sign_in(register(session).email) | {"Idempotency-Key": "one"}
    body = b'{"category": "safety", "title": "hydrant"}'
    first, second = (
        send_chunked(client, "/proposals", body, headers=headers, content_type="application/json")
        for _ in range(2)
    )
    assert first.status_code == 201
    assert second.headers["Idempotency-Replayed"] == "true"


def test_a_larger_body_is_for_who_is_signed_in_and_for_its_route(
    client: FlaskClient, session: Session, sign_in: SignIn
) -> None:
    draft = make_draft(session)
    photos, large = f"/proposals/{draft.id}/photos", b"x" * (2 * LIMIT)
    assert send_chunked(client, photos, large).status_code == 413
    headers = sign_in(register(session).email)
    assert send_chunked(client, photos, large, headers=headers).status_code == 404
    assert send_chunked(client, "/proposals", large, headers=headers).status_code == 413


@pytest.mark.heavy
def test_a_real_server_hands_such_bodies_over(template: str) -> None:
    def send(base: str, body: bytes) -> int:
        connection = http.client.HTTPConnection(base.removeprefix("http://"), timeout=30)
        pieces = (body[at : at + 100_000] for at in range(0, len(body), 100_000))
        headers = {"Content-Type": "application/json"}
        try:
            connection.request("POST", f"{API}/sessions", pieces, headers, encode_chunked=True)
            return connection.getresponse().status
        finally:
            connection.close()

    with databases.copy_of(template) as url, running_server(url) as base:
        assert send(base, padded(LIMIT)) == 401
        assert send(base, padded(LIMIT + 1)) == 413
