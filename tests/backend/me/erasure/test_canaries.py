"""Whoever leaves is nowhere: not in a table, a file, a job, nor in anything that is served."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from backend.accounts.personal_data import ERASED_NAME
from backend.audit.service import verify
from backend.files.storage import Storage
from backend.jobs.worker import run_jobs
from tests.support.lives import LAST_DIGITS, Life
from tests.support.people import CITY_HALL, PASSWORD

API = "/api/v1"

PUBLIC_CONTENT = {
    ("proposal", "title"): "a submitted proposal is what others back, review and answer",
    ("proposal", "problem"): "as its title",
    ("proposal", "idea"): "as its title",
    ("proposal_version", "title"): "what its reviewers were given",
    ("proposal_version", "problem"): "what its reviewers were given",
    ("proposal_version", "idea"): "what its reviewers were given",
    ("comment", "text"): "what others read and answered",
    ("notice", "params"): "titles of submitted proposals, told to others",
    ("area_event", "params"): "titles of submitted proposals, until those nearby are told",
}
"""Where words may stay that everybody could read, and why."""


def columns(session: Session) -> Iterator[tuple[str, str, str]]:
    """Yield every column of every table that there is: table, column and type."""
    rows = session.execute(
        text(
            "SELECT c.table_name, c.column_name, c.udt_name FROM information_schema.columns c"
            " JOIN information_schema.tables t USING (table_schema, table_name)"
            " WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE'"
            " AND t.table_name NOT IN ('spatial_ref_sys') ORDER BY 1, 2"
        )
    )
    for row in rows:
        yield row.table_name, row.column_name, row.udt_name


def holds(session: Session, table: str, column: str, kind: str, word: str) -> bool:
    """Tell whether a column has a word anywhere, in whichever case."""
    where = f'strpos(lower("{column}"::text), lower(:word)) > 0'
    if kind == "bytea":
        where = f"position(convert_to(:word, 'UTF8') IN \"{column}\") > 0"
    statement = text(f'SELECT EXISTS (SELECT FROM "{table}" WHERE {where})')  # noqa: S608
    return bool(session.scalar(statement, {"word": word}))


def found(session: Session, word: str) -> set[tuple[str, str]]:
    """Return every column that holds a word."""
    return {
        (table, column)
        for table, column, kind in list(columns(session))
        if holds(session, table, column, kind, word)
    }


def files_with(folder: Path, word: str) -> list[Path]:
    return [
        path for path in folder.rglob("*") if path.is_file() and word.encode() in path.read_bytes()
    ]


def erase(client: FlaskClient, life: Life) -> Any:
    answer = client.post(
        f"{API}/me/erasure", json={"password": PASSWORD}, headers=dict(life.headers)
    )
    assert answer.status_code == 200, answer.text
    return answer


@pytest.fixture
def life(full_life: Callable[[str], Life]) -> Life:
    """Somebody whose every text holds a canary."""
    return full_life("canary")


def test_the_canaries_are_planted_everywhere(session: Session, life: Life) -> None:
    assert found(session, life.private) >= {
        ("account", "email"),
        ("account", "display_name"),
        ("sign_in", "device_name"),
        ("guardian_consent", "contact"),
        ("email_confirmation", "email"),
        ("push_subscription", "endpoint"),
        ("proposal", "title"),
        ("proposal", "problem"),
        ("proposal", "idea"),
        ("photo", "alt"),
        ("photo", "caption"),
        ("upload", "caption"),
        ("comment", "text"),
        ("comment_report", "note"),
        ("invitation", "email"),
        ("notice", "params"),
        ("kept_answer", "body"),
        ("kept_answer", "key"),
    }


def test_nothing_of_who_left_is_in_any_table(
    app: Flask, client: FlaskClient, session: Session, life: Life
) -> None:
    erase(client, life)
    run_jobs(app)
    session.expire_all()
    assert found(session, life.private) == set()
    assert found(session, life.email) == set()
    assert found(session, life.public) <= set(PUBLIC_CONTENT)


def test_nothing_of_who_left_is_in_any_file(
    app: Flask, client: FlaskClient, storage: Storage, life: Life, tmp_path: Path
) -> None:
    assert list(storage.list("exports"))
    assert list(storage.list("uploads"))
    assert len(list(storage.list("photos"))) == 4
    assert files_with(tmp_path, life.private)
    erase(client, life)
    run_jobs(app)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_nothing_that_is_served_names_who_left(app: Flask, client: FlaskClient, life: Life) -> None:
    addresses = [
        "/proposals",
        f"/proposals/{life.submitted_id}",
        f"/proposals/{life.submitted_id}/events",
        f"/proposals/{life.submitted_id}/versions",
        f"/proposals/{life.submitted_id}/photos",
        f"/proposals/{life.others_proposal_id}/comments",
        "/features/proposals?bbox=126.97,37.56,126.98,37.57",
    ]
    before = [client.get(f"{API}{address}") for address in addresses]
    assert any(life.private in answer.text for answer in before), "the name was served"
    erase(client, life)
    run_jobs(app)
    for address in addresses:
        assert life.private not in client.get(f"{API}{address}").text, address
    shown = client.get(f"{API}/proposals/{life.submitted_id}").json
    assert shown["author"] == {"display_name": ERASED_NAME}
    assert client.get(f"{API}/proposals/{life.draft_id}").status_code == 404


def test_the_exact_point_and_the_residence_go_and_the_chains_hold(
    client: FlaskClient, session: Session, life: Life
) -> None:
    exact = f"{CITY_HALL[0] + LAST_DIGITS:.6f}"
    points = text("SELECT count(*) FROM proposal WHERE geom IS NOT NULL AND author_id = :id")
    assert session.scalar(points, {"id": life.account_id}) == 2
    erase(client, life)
    assert session.scalar(points, {"id": life.account_id}) == 0
    assert verify(session) == []
    events = session.execute(text("SELECT data FROM audit_event")).scalars()
    assert not [data for data in events if exact in data or life.private in json.dumps(data)]
