"""Search by road address or landmark, with a geocoder on loopback."""

import json
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from backend.config import ConfigurationError, load_config
from tests.support.databases import TEST_SETTINGS
from tests.support.people import register

URL = "/api/v1/places/search"
CITY_HALL = {
    "type": "Feature",
    "geometry": {"type": "Point", "coordinates": [126.9779, 37.5663]},
    "properties": {"geocoding": {"label": "서울특별시 중구 세종대로 110"}},
}
TOKYO = {
    "type": "Feature",
    "geometry": {"type": "Point", "coordinates": [139.69, 35.69]},
    "properties": {"geocoding": {"label": "Tokyo"}},
}
PHOTON = {
    "type": "Feature",
    "geometry": {"type": "Point", "coordinates": [129.0756, 35.1796]},
    "properties": {"name": "부산시청", "city": "부산"},
}


class Double:
    """A geocoder that answers what a test tells it to, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str | None]] = []
        self.status = 200
        self.body: bytes = b""
        self.headers: dict[str, str] = {}

    def answer(self, *features: Any) -> None:
        self.body = json.dumps({"type": "FeatureCollection", "features": features}).encode()


@pytest.fixture
def geocoder(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Double]:
    """The operator's geocoder, on an ephemeral port of loopback."""
    double = Double()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            words = parse_qs(urlsplit(self.path).query)["q"][0]
            double.asked.append((words, self.headers.get("Authorization")))
            self.send_response(double.status)
            for name, value in double.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(double.body)))
            self.end_headers()
            self.wfile.write(double.body)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    monkeypatch.setitem(
        app.config, "GEOCODER_URL", f"http://127.0.0.1:{server.server_port}/api?q={{q}}&lang=ko"
    )
    yield double
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def citizen(session: Session, sign_in: Callable[..., dict[str, str]]) -> dict[str, str]:
    """The headers of somebody who may propose."""
    return sign_in(register(session).email)


def search(client: FlaskClient, headers: dict[str, str], q: str = "세종대로 110") -> Any:
    return client.get(URL, query_string={"q": q}, headers=headers)


def test_an_address_is_found_with_its_neighbourhood(
    client: FlaskClient, geocoder: Double, citizen: dict[str, str]
) -> None:
    geocoder.answer(CITY_HALL)
    [place] = search(client, citizen).json["items"]
    assert place["label"] == "서울특별시 중구 세종대로 110"
    assert (place["lon"], place["lat"]) == (126.9779, 37.5663)
    assert place["emd"]["code"] == "11140103"
    assert place["local_government"]["code"] == "11140"


def test_the_words_are_asked_for_as_they_are_typed(
    client: FlaskClient, geocoder: Double, citizen: dict[str, str]
) -> None:
    geocoder.answer()
    search(client, citizen, "a&b=시청?#")
    assert geocoder.asked == [("a&b=시청?#", None)]


def test_the_operators_key_is_sent(
    app: Flask,
    client: FlaskClient,
    geocoder: Double,
    citizen: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(app.config, "GEOCODER_AUTHORIZATION", "Key abc")
    geocoder.answer()
    search(client, citizen)
    assert geocoder.asked[0][1] == "Key abc"


def test_places_abroad_are_left_out_and_flat_properties_are_read(
    client: FlaskClient, geocoder: Double, citizen: dict[str, str]
) -> None:
    geocoder.answer(TOKYO, PHOTON)
    assert [place["label"] for place in search(client, citizen).json["items"]] == ["부산시청, 부산"]


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, b"{}"),
        (302, b""),
        (200, b"<html>"),
        (200, b"[]"),
        (200, b'{"features": [{"geometry": null}]}'),
        (200, b'{"features": [{"geometry": {"type": "Point", "coordinates": ["x", "y"]}}]}'),
        (200, b'{"features": [], "pad": "' + b"x" * 600_000 + b'"}'),
    ],
)
def test_a_geocoder_that_fails_is_said_to(
    client: FlaskClient, geocoder: Double, citizen: dict[str, str], status: int, body: bytes
) -> None:
    geocoder.status, geocoder.body = status, body
    geocoder.headers = {"Location": "http://127.0.0.1:1/"}
    answer = search(client, citizen)
    assert (answer.status_code, answer.json["code"]) == (503, "geocoder_unavailable")
    assert answer.headers["Retry-After"] == "10"


def test_a_geocoder_that_is_not_there_is_said_to(
    app: Flask, client: FlaskClient, citizen: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "GEOCODER_URL", "http://127.0.0.1:1/?q={q}")
    assert search(client, citizen).json["code"] == "geocoder_unavailable"


def test_without_a_geocoder_the_search_is_not_there(
    client: FlaskClient, citizen: dict[str, str]
) -> None:
    answer = search(client, citizen)
    assert (answer.status_code, answer.json["code"]) == (404, "geocoder_not_configured")
    assert client.get("/api/v1/meta").json["searches_addresses"] is False


def test_strangers_do_not_use_up_the_operators_geocoder(client: FlaskClient) -> None:
    assert client.get(URL, query_string={"q": "시청"}).status_code == 401


@pytest.mark.parametrize(
    "url",
    [
        "http://geocoder.example/?q={q}",
        "https://geocoder.example/?q=",
        "https://{q}.example/",
        "file:///etc/passwd?q={q}",
    ],
)
def test_an_address_that_cannot_be_asked_fails_at_start(url: str) -> None:
    with pytest.raises(ConfigurationError, match="DONGNE_GEOCODER_URL"):
        load_config(
            {**TEST_SETTINGS, "SQLALCHEMY_DATABASE_URI": "postgresql+psycopg:///x"},
            {"DONGNE_GEOCODER_URL": url},
        )
