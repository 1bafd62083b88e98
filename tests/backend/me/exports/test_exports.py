"""Copies of one's own data: whole, nobody else's, and taken once by a link."""

import io
import json
import tracemalloc
from collections.abc import Callable
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zipfile import ZipFile

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from backend.accounts.models import Account
from backend.db import new_id
from backend.files.storage import Storage, new_name
from backend.jobs.worker import run_jobs
from backend.me.exports import service
from backend.me.exports.contents import NOT_EXPORTED, parts_of
from backend.me.exports.models import PersonalExport
from backend.me.exports.tasks import forget_old_exports, make_export
from backend.notifications.models import Notice
from backend.rows import ACCOUNT
from geo.orm import Base
from tests.conftest import Clock
from tests.support.lives import LAST_DIGITS, Life
from tests.support.people import CITY_HALL, register

API = "/api/v1"
URL = f"{API}/me/exports"
Headers = dict[str, str]


@pytest.fixture
def person(session: Session, storage: Storage) -> Account:
    """Somebody who has done nothing but register."""
    return register(session, email="min@example.com")


@pytest.fixture
def headers(person: Account, sign_in: Callable[..., Headers]) -> Headers:
    """That person's headers."""
    return sign_in(person.email)


def ready(app: Flask, client: FlaskClient, headers: Headers) -> str:
    """Have a copy made and return its id."""
    export = client.post(URL, headers=headers)
    assert (export.status_code, export.json["state"]) == (202, "preparing")
    run_jobs(app)
    return str(export.json["id"])


def link(client: FlaskClient, headers: Headers, export_id: str) -> str:
    answer = client.post(f"{URL}/{export_id}/link", headers=headers)
    assert answer.status_code == 201, answer.text
    return f"{API}/export-downloads/{answer.json['token']}"


def archive(client: FlaskClient, headers: Headers) -> dict[str, bytes]:
    """Download one's newest copy: name of a file -> its bytes."""
    newest = client.get(URL, headers=headers).json["items"][0]
    answer = client.get(link(client, headers, newest["id"]))
    assert answer.status_code == 200
    with ZipFile(io.BytesIO(answer.data)) as opened:
        assert opened.testzip() is None
        return {name: opened.read(name) for name in opened.namelist()}


def test_every_table_that_names_people_is_in_the_copy_or_explained() -> None:
    naming = {
        table.name
        for table in Base.metadata.tables.values()
        if any(key.target_fullname == ACCOUNT for key in table.foreign_keys)
    }
    exported = {part.table.name for part in parts_of(new_id())}
    assert naming <= exported | set(NOT_EXPORTED)
    assert set(NOT_EXPORTED) <= naming, "what is no table of people needs no reason"
    assert not exported & set(NOT_EXPORTED)


def test_secrets_are_in_no_copy() -> None:
    for part in parts_of(new_id()):
        shown = {column.name for column in part.table.columns} - set(part.without)
        secret = {name for name in shown if name.endswith(("_sha256", "_hmac", "_hash"))}
        assert secret <= {"file_sha256"}, part.name


def test_what_is_a_persons_is_found_by_an_index() -> None:
    account_id = new_id()
    for part in parts_of(account_id):
        asked = {
            column.name
            for column in part.table.columns
            if f"{part.table.name}.{column.name} = " in str(part.where)
        }
        leading = {next(iter(index.columns)).name for index in part.table.indexes if index.columns}
        keys = {next(iter(part.table.primary_key)).name}
        is_small = part.table.name == "declared_interest"  # of a few officers
        assert is_small or not asked or asked & (leading | keys), part.name


def test_two_people_have_each_their_own(
    app: Flask, client: FlaskClient, full_life: Callable[[str], Life]
) -> None:
    lives = [full_life("minji"), full_life("junho")]
    copies = []
    for life in lives:
        ready(app, client, dict(life.headers))
        copies.append(archive(client, dict(life.headers)))
    for own, other, files in (
        (*lives, copies[0]),
        (*lives[::-1], copies[1]),
    ):
        facts = {name: body.decode() for name, body in files.items() if name.endswith(".json")}
        text = "\n".join(facts.values())
        assert other.private not in text
        assert str(other.account_id) not in text
        # What everybody may know of them was told to whoever follows the area.
        del facts["notices.json"]
        assert other.word not in "".join(facts.values())
        assert other.submitted_id not in "".join(facts.values())
        assert own.email in text
        assert text.count(own.private) > 10
        assert own.public in text


def test_a_copy_has_everything(
    app: Flask, client: FlaskClient, full_life: Callable[[str], Life]
) -> None:
    life = full_life("canary")
    ready(app, client, dict(life.headers))
    files = archive(client, dict(life.headers))
    facts = {name: json.loads(body) for name, body in files.items() if name.endswith(".json")}
    empty = {name for name, rows in facts.items() if not rows}
    assert empty <= {
        *("second_factor.json", "co_authorships.json", "co_author_invitations.json"),
        *("carried_endorsements.json", "deliveries.json", "declared_interests.json"),
        *("plan_objections.json", "access_log.json", "notification_preferences.json"),
    }
    (submitted,) = (row for row in facts["proposals.json"] if row["id"] == life.submitted_id)
    exact = [CITY_HALL[0] + LAST_DIGITS, CITY_HALL[1] + LAST_DIGITS]
    assert submitted["geom"]["coordinates"] == pytest.approx(exact)
    photos = {row["id"] for row in facts["photos.json"]}
    assert len(photos) == 2
    assert {f"photos/{photo_id}.webp" for photo_id in photos} == {
        name for name in files if name.startswith("photos/")
    }
    assert {"README.ko.txt", "README.en.txt"} <= set(files)
    assert facts["account.json"][0]["email"] == life.email


def test_the_person_is_told_and_sees_the_state(
    app: Flask, client: FlaskClient, session: Session, headers: Headers
) -> None:
    export_id = ready(app, client, headers)
    shown = client.get(f"{URL}/{export_id}", headers=headers).json
    assert shown["state"] == "ready"
    assert shown["file_bytes"] > 1000
    assert "file_name" not in shown
    assert session.scalar(select(Notice.kind)) == "export_ready"


def test_one_copy_at_a_time_is_made(app: Flask, client: FlaskClient, headers: Headers) -> None:
    first = client.post(URL, headers=headers)
    second = client.post(URL, headers=headers)
    assert (second.status_code, second.json["code"]) == (409, "export_under_way")
    early = client.post(f"{URL}/{first.json['id']}/link", headers=headers)
    assert (early.status_code, early.json["code"]) == (409, "export_not_ready")
    run_jobs(app)
    assert client.post(URL, headers=headers).status_code == 202


def test_a_link_is_good_once(app: Flask, client: FlaskClient, headers: Headers) -> None:
    address = link(client, headers, ready(app, client, headers))
    assert client.head(address).status_code == 200, "a look does not use it up"
    taken = client.get(address)
    assert taken.status_code == 200
    assert taken.headers["Cache-Control"] == "no-store"
    assert taken.headers["Content-Disposition"].startswith("attachment")
    again = client.get(address)
    assert (again.status_code, again.json["code"]) == (404, "export_link_over")


def test_a_link_is_good_for_ten_minutes_and_until_the_next(
    app: Flask, client: FlaskClient, headers: Headers, clock: Clock
) -> None:
    export_id = ready(app, client, headers)
    first = link(client, headers, export_id)
    second = link(client, headers, export_id)
    assert client.get(first).status_code == 404
    clock.move(minutes=10)
    assert client.get(second).status_code == 404
    assert client.get(link(client, headers, export_id)).status_code == 200


def test_nobody_else_gets_a_link(
    app: Flask, client: FlaskClient, session: Session, sign_in: Any, headers: Headers
) -> None:
    export_id = ready(app, client, headers)
    stranger = sign_in(register(session).email)
    for answer in (
        client.get(f"{URL}/{export_id}", headers=stranger),
        client.post(f"{URL}/{export_id}/link", headers=stranger),
    ):
        assert (answer.status_code, answer.json["code"]) == (404, "export_not_found")
    assert client.get(f"{API}/export-downloads/{'x' * 43}").status_code == 404


def test_only_the_hash_of_a_link_is_kept(
    app: Flask, client: FlaskClient, session: Session, headers: Headers
) -> None:
    token = link(client, headers, ready(app, client, headers)).rpartition("/")[2]
    kept = session.scalars(select(PersonalExport)).one().link_sha256
    assert kept is not None
    assert token not in kept


def test_a_new_copy_replaces_the_old_and_all_go_after_a_week(
    app: Flask,
    client: FlaskClient,
    session: Session,
    storage: Storage,
    headers: Headers,
    clock: Clock,
) -> None:
    ready(app, client, headers)
    last = ready(app, client, headers)
    run_jobs(app)
    assert len(list(storage.list("exports"))) == 1
    assert [str(found) for found in session.scalars(select(PersonalExport.id))] == [last]
    clock.move(days=7)
    with app.app_context():
        forget_old_exports()
    run_jobs(app)
    assert list(storage.list("exports")) == []
    assert session.scalars(select(PersonalExport.id)).all() == []


def test_a_job_that_runs_twice_makes_one_archive(
    app: Flask, client: FlaskClient, session: Session, storage: Storage, headers: Headers
) -> None:
    export_id = ready(app, client, headers)
    with app.app_context():
        make_export.func(export_id)  # type: ignore[attr-defined]
    run_jobs(app)
    assert len(list(storage.list("exports"))) == 1
    assert len(session.scalars(select(Notice.id)).all()) == 1


def test_a_copy_that_could_not_be_made_does_not_stand_in_the_way_for_ever(
    app: Flask,
    client: FlaskClient,
    headers: Headers,
    person: Account,
    sign_in: Callable[..., Headers],
    clock: Clock,
) -> None:
    client.post(URL, headers=headers)
    clock.move(days=1)
    with app.app_context():
        forget_old_exports()
    assert client.post(URL, headers=sign_in(person.email)).status_code == 202


def test_archives_that_nobody_knows_are_swept(session: Session, storage: Storage) -> None:
    stray = new_name("exports", ".zip")
    storage.put(stray, b"left by a worker that was killed")
    # Files bear the time of the machine, which no test can move.
    today = datetime.now(UTC)
    unit = lambda: nullcontext(session)  # noqa: E731
    assert service.sweep_archives(unit, storage, now=today) == 0
    assert service.sweep_archives(unit, storage, now=today + timedelta(days=2)) == 1
    assert list(storage.list("exports")) == []


def test_many_notices_take_little_memory(
    session: Session, storage: Storage, person: Account, now: datetime
) -> None:
    session.execute(
        insert(Notice),
        [
            {
                "id": new_id(),
                "recipient_id": person.id,
                "kind": "proposal_submitted",
                "subject_type": "proposal",
                "subject_id": UUID(int=number),
                "params": {"title": "가" * 1000, "local_government": "중구"},
                "created_at": now,
            }
            for number in range(20_000)
        ],
    )
    export = service.request_export(session, account_id=person.id, now=now)
    session.commit()
    tracemalloc.start()
    service.make_export(lambda: nullcontext(session), storage, export_id=export.id, now=now)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20_000_000, "about 60 MB of text passed through"
