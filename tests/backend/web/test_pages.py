"""The pages as they are served: language, headers, and what happens without the libraries."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from backend.web.pages import is_vendor_installed
from tests.support.maps import make_published_round
from tests.support.rounds import make_open_round, make_product


class Tags(HTMLParser):
    """What of a page can load or run something."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.inline_styles = 0
        self.handlers: list[str] = []
        self.inline_scripts: list[dict[str, str | None]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note addresses, inline code and inline style."""
        given = dict(attrs)
        self.addresses += [given[name] or "" for name in ("src", "href") if name in given]
        self.inline_styles += "style" in given or tag == "style"
        self.handlers += [name for name in given if name.startswith("on")]
        if tag == "script" and "src" not in given:
            self.inline_scripts.append(given)


@pytest.fixture
def without_vendor(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation where npm did not run."""
    monkeypatch.setattr(app, "_static_folder", str(tmp_path))


def page_data(html: str) -> dict[str, object]:
    """Return what the page hands to its scripts."""
    found = re.search(r'id="page-data">(.*?)</script>', html, re.DOTALL)
    assert found
    return json.loads(found[1])


def test_the_page_is_korean_by_default(client: FlaskClient) -> None:
    answer = client.get("/")
    assert answer.status_code == 200
    assert answer.headers["Content-Language"] == "ko"
    assert '<html lang="ko">' in answer.text
    assert "혁신제품 보급 지도" in answer.text


@pytest.mark.parametrize(
    ("path", "accepted", "expected"),
    [
        ("/", "en", "en"),
        ("/", "en-US,en;q=0.9,ko;q=0.5", "en"),
        ("/", "fr", "ko"),
        ("/?lang=en", "ko", "en"),
        ("/?lang=ko", "en", "ko"),
        ("/?lang=xx", "en", "en"),
    ],
)
def test_the_address_decides_the_language_before_the_browser(
    client: FlaskClient, path: str, accepted: str, expected: str
) -> None:
    answer = client.get(path, headers={"Accept-Language": accepted})
    assert f'<html lang="{expected}">' in answer.text
    assert page_data(answer.text)["lang"] == expected
    assert "Accept-Language" in answer.vary


def test_a_browser_may_run_and_load_nothing_but_ours(client: FlaskClient) -> None:
    headers = client.get("/").headers
    policy = dict(
        part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";")
    )
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"


@pytest.mark.parametrize("path", ["/api/v1/categories", "/static/site.css", "/no-such-page"])
def test_no_answer_is_taken_for_something_else(client: FlaskClient, path: str) -> None:
    with client.get(path) as answer:
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_the_page_keeps_to_its_own_policy(client: FlaskClient) -> None:
    tags = Tags(client.get("/").text)
    assert [one for one in tags.addresses if not one.startswith(("/", "#"))] == []
    assert (tags.inline_styles, tags.handlers) == (0, [])
    assert [script["type"] for script in tags.inline_scripts] == ["application/json"]


def test_everything_of_ours_that_the_page_loads_is_there(client: FlaskClient) -> None:
    ours = [
        one
        for one in Tags(client.get("/").text).addresses
        if one.startswith("/static/") and "/vendor/" not in one
    ]
    assert ours
    for address in ours:
        with client.get(address) as answer:
            assert answer.status_code == 200, address


def test_it_does_not_pose_as_an_official_site(client: FlaskClient) -> None:
    assert "정부 공식 누리집이 아닙니다" in client.get("/").text


def test_sources_and_date_of_the_boundaries_are_named(client: FlaskClient) -> None:
    page = client.get("/").text
    assert "NGII open data" in page
    assert "2025-11-30" in page


def test_only_rounds_with_published_results_can_be_chosen(
    client: FlaskClient, session: Session
) -> None:
    published = make_published_round(session).round
    still_open, _ = make_open_round(session, make_product(session))
    page = client.get("/").text
    assert f'<option value="{published.code}">{published.title_ko}</option>' in page
    assert still_open.code not in page


def test_titles_cannot_become_markup(client: FlaskClient, session: Session) -> None:
    round_ = make_published_round(session).round
    session.execute(
        text("UPDATE round SET title_ko = '<script>alert(1)</script>' WHERE id = :id"),
        {"id": round_.id},
    )
    session.commit()
    assert "<script>alert" not in client.get("/").text


def test_without_the_libraries_the_page_says_what_is_missing(
    client: FlaskClient, without_vendor: None
) -> None:
    page = client.get("/").text
    assert 'data-vendor="missing"' in page
    assert "/vendor/" not in page
    assert "npm run vendor" in str(page_data(page)["texts"])


def test_the_libraries_are_looked_for_where_npm_puts_them(tmp_path: Path) -> None:
    assert is_vendor_installed(tmp_path) is False
    (tmp_path / "vendor").mkdir()
    assert is_vendor_installed(tmp_path) is True


def test_without_boundaries_the_page_is_still_there(
    client: FlaskClient, connection: Connection
) -> None:
    connection.execute(text("UPDATE region_generation SET state = 'retired'"))
    assert client.get("/").status_code == 200
