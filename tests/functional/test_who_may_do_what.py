"""Who may do what, by every route, for everybody there is: the table beside this file is the rule.

A cell says what becomes of a well-formed request: `yes`, it passes the door, whatever the service
says then; `absent`, it passes and finds nothing there; 401, 403 or 404, it is refused like that.
"""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, create_engine
from sqlalchemy.orm import Session

from backend.db import db
from backend.files.place import EXTENSION
from backend.files.storage import disk_storage
from tests.conftest import Clock, application
from tests.support import databases
from tests.support.addresses import ANYWHERE, CODES, PARAMETER, QUERIES
from tests.support.headers import AS_IT_IS
from tests.support.people import PASSWORD
from tests.support.realm import CALLERS, Realm, build_realm
from tests.support.well_formed import body_for

Served = tuple[Flask, Realm]

TABLE = Path(__file__).with_name("access_matrix.csv")

ROWS = list(csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines()))

PASSED = frozenset({200, 201, 202, 204, 303, 304, 400, 409, 410, 412, 413, 415, 422, 428, 503})
"""What is answered to who passed the door; 503 by what this installation has no service for."""

ABOUT = {
    "": {},
    "draft": {"proposal_id": "draft_id", "round_id": "draft_round_id"},
    "reserved": {},
    "withdrawn": {"proposal_id": "withdrawn_id"},
}
"""Which ids stand in for the usual ones."""

INSTITUTION = "/api/v1/institutions/<uuid:institution_id>"

BODIES = {
    ("PATCH", INSTITUTION, ""): {"site_address": "서울특별시 강북구 수유동 1"},
    ("PATCH", INSTITUTION, "reserved"): {"institution_type": "police"},
    ("POST", "/api/v1/me/email-change", ""): {"email": "new@example.com", "password": PASSWORD},
    ("POST", "/api/v1/me/notices/read", ""): {"up_to": "notice_id"},
    ("POST", "/api/v1/uploads", ""): {
        "proposal_id": "draft_id",
        "size_bytes": 1000,
        "content_type": "image/jpeg",
    },
}
"""What is sent where the least that is well-formed is about something else; ids by their names."""

FIRST_TIME = frozenset({"/api/v1/me/residence"})
"""What somebody may put where nothing was: no state is named that it had."""


@pytest.fixture(scope="module")
def served(template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The application on a database of its own, with everybody in it."""
    with databases.copy_of(template, "dongne_realm") as url:
        app = application(url)
        app.config["CLOCK"] = Clock()
        storage = app.extensions[EXTENSION] = disk_storage(tmp_path_factory.mktemp("files"))
        engine = create_engine(url)
        with Session(engine) as session:
            realm = build_realm(session, storage, app.config)
        engine.dispose()
        yield app, realm
        with app.app_context():
            for engine in db.engines.values():
                engine.dispose()


@pytest.fixture
def connection(served: Served) -> Iterator[Connection]:
    """The one connection of a test; everything on it is rolled back."""
    app, _ = served
    with app.app_context():
        engines = db.engines
    engine = engines[None]
    with engine.connect() as connection:
        transaction = connection.begin()
        engines[None] = connection  # type: ignore[assignment]
        yield connection
        engines[None] = engine
        transaction.rollback()


@pytest.fixture(scope="module")
def description(served: Served) -> Any:
    """The description of the API."""
    return served[0].test_client().get("/api/v1/openapi.json").json


def address_of(rule: str, realm: Realm, about: str, *, is_read: bool) -> str:
    """Return a rule filled in with what is there."""
    names = ABOUT[about]

    def fill(name: str) -> str:
        if name == "code":
            return next(found[0] for start, found in CODES.items() if rule.startswith(f"{start}/<"))
        if name == "layer":
            return "proposals" if "any(" in rule else "emd"
        if name == "area_id" and rule.startswith("/api/v1/me/"):
            return realm.ids["subscribed_area_id"]
        if name in "zxy":
            return {"z": "14", "x": "13972", "y": "6337"}[name]
        return realm.ids.get(names.get(name, name)) or ANYWHERE[name][0]

    path = PARAMETER.sub(lambda found: fill(found[1]), rule)
    query = next((query for query in QUERIES.get(rule, []) if query), "") if is_read else ""
    return f"{path}?{query}" if query else path


def seen(status: int, expected: str) -> str:
    """Return the cell that an answer stands for."""
    if status in PASSED:
        return "yes"
    return "absent" if status == 404 and expected == "absent" else str(status)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: "{method} {route} {about}".format(**row))
def test_everybody_passes_or_is_refused_as_the_table_says(
    row: dict[str, str], served: Served, connection: Connection, description: Any
) -> None:
    app, realm = served
    method, rule = row["method"], row["route"]
    address = address_of(rule, realm, row["about"], is_read=method == "GET")
    body = BODIES.get((method, rule, row["about"])) or body_for(description, rule, method)
    if isinstance(body, dict):
        body = {name: realm.ids.get(str(value), value) for name, value in body.items()}
    state = {} if method in {"GET", "POST"} or rule in FIRST_TIME else AS_IT_IS
    client = app.test_client()
    found = {}
    for caller in CALLERS:
        attempt = connection.begin_nested()
        headers = realm.headers[caller] | state
        with client.open(address, method=method, headers=headers, json=body) as answer:
            found[caller] = seen(answer.status_code, row[caller])
        attempt.rollback()
    assert found == {caller: row[caller] for caller in CALLERS}


def test_the_table_has_a_line_for_every_route_and_method(app: Flask) -> None:
    served = {
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    written = {(row["method"], row["route"]) for row in ROWS}
    assert served == written
