"""A real Chromium before a real server on loopback; a page that notes all that goes wrong."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from shutil import which
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from backend import web
from backend.web.pages import is_vendor_installed
from tests.support import databases
from tests.support.maps import BUSAN, PublishedRound, make_published_round
from tests.support.proposals import make_copies
from tests.support.server import running_server

HALLASAN = (126.5332, 33.3617)
"""(lon, lat) of the mountain in the middle of Jeju."""
CROWD = [
    *((126.90 + n % 50 * 0.004, 37.48 + n // 50 * 0.004) for n in range(2000)),
    *((BUSAN[0] + n % 20 * 0.003, BUSAN[1] + n // 20 * 0.003) for n in range(400)),
    *(HALLASAN for _ in range(60)),
]
"""(lon, lat) of proposals: all over Seoul, all over Busan, and on one spot."""

WEB = Path(web.__file__).parent
TO_INSTALL = "cd backend/web && npm ci --ignore-scripts && npm run vendor (`make test` does it)"
FLAGS = [
    "--no-sandbox",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 800}
DRAWN_MS = 60_000
"""Software rendering on a busy machine."""


@dataclass
class Visit:
    """A page before the server, and what it said and asked for meanwhile."""

    page: Page
    base: str
    complaints: list[str] = field(default_factory=list)
    other_hosts: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Listen."""
        self.page.on("console", self._note_message)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", self._note_request)

    def open(self, path: str = "/") -> Page:
        """Open a page and wait until the map is drawn."""
        self.page.goto(self.base + path)
        self.page.wait_for_selector('#map[data-state="ready"]', timeout=DRAWN_MS)
        return self.page

    def _note_message(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def _note_request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in ("http", "https") and not request.url.startswith(self.base):
            self.other_hosts.append(request.url)


@dataclass(frozen=True)
class Served:
    """A running server and the round that its database holds."""

    base: str
    round: PublishedRound


@pytest.fixture(scope="session")
def assets() -> None:
    """The libraries of the pages, without which these tests would prove nothing."""
    missing = [
        what
        for what, is_there in {
            "the pages' libraries": is_vendor_installed(WEB / "static"),
            "axe-core": axe_file().is_file(),
            "/usr/bin/chromium": which("/usr/bin/chromium") is not None,
        }.items()
        if not is_there
    ]
    if missing:
        pytest.fail(f"missing: {', '.join(missing)}. Type: {TO_INSTALL}", pytrace=False)


@pytest.fixture(scope="session")
def served(template: str, app: Flask) -> Iterator[Served]:
    """The application with a published round, served as in operation on a port of loopback.

    The round leaves jobs behind, whose names are known once there is an application.
    """
    with databases.copy_of(template) as url:
        engine = create_engine(url)
        with Session(engine, expire_on_commit=False) as session:
            played = make_published_round(session)
        engine.dispose()
        with running_server(url) as base:
            yield Served(base, played)


@pytest.fixture(scope="session")
def browser(assets: None) -> Iterator[Browser]:
    """Debian's Chromium, drawing WebGL in software."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(params=[DESKTOP, PHONE], ids=["1280", "360"])
def visit(request: pytest.FixtureRequest, browser: Browser, served: Served) -> Iterator[Visit]:
    """A visit with each of the two screens."""
    yield from _visit(browser, served, request.param)


@pytest.fixture
def desktop(browser: Browser, served: Served) -> Iterator[Visit]:
    """A visit with a wide screen."""
    yield from _visit(browser, served, DESKTOP)


@pytest.fixture(scope="session")
def crowded(template: str, app: Flask) -> Iterator[Served]:
    """The application with far more proposals than one answer of features may hold."""
    with databases.copy_of(template) as url:
        engine = create_engine(url)
        with Session(engine, expire_on_commit=False) as session:
            played = make_published_round(session)
            make_copies(session, played.waiting, CROWD)
        engine.dispose()
        with running_server(url) as base:
            yield Served(base, played)


@pytest.fixture(params=[DESKTOP, PHONE], ids=["1280", "360"])
def crowd_visit(
    request: pytest.FixtureRequest, browser: Browser, crowded: Served
) -> Iterator[Visit]:
    """A visit with each of the two screens where there are very many proposals."""
    yield from _visit(browser, crowded, request.param)


@pytest.fixture
def crowd_desktop(browser: Browser, crowded: Served) -> Iterator[Visit]:
    """A visit with a wide screen where there are very many proposals."""
    yield from _visit(browser, crowded, DESKTOP)


@pytest.fixture
def phone(browser: Browser, served: Served) -> Iterator[Visit]:
    """A visit with a narrow screen."""
    yield from _visit(browser, served, PHONE)


def axe_file() -> Path:
    """Return where npm puts the accessibility checker."""
    return WEB / "node_modules" / "axe-core" / "axe.min.js"


def _visit(browser: Browser, served: Served, screen: dict[str, int]) -> Iterator[Visit]:
    context = browser.new_context(viewport=screen, locale="ko-KR")
    context.set_default_timeout(20_000)
    yield Visit(context.new_page(), served.base)
    context.close()
