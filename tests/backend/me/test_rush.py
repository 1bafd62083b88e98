"""What is asked at the same time: one taker of a link, one copy under way, and one who stays."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from backend.auth.identity import Role
from backend.db import unit_of_work
from backend.errors import DomainError
from backend.files.place import EXTENSION
from backend.files.storage import Storage, disk_storage
from backend.jobs.worker import run_jobs
from backend.me.erasure.service import erase_account
from backend.me.exports.models import PersonalExport
from backend.me.exports.service import make_link, open_download, request_export
from tests.conftest import NOW
from tests.support.people import PASSWORD, make_reviewer, register


@pytest.fixture
def storage(committed_app: Flask, tmp_path: Path) -> Iterator[Storage]:
    """The storage of the application with real commits."""
    committed_app.extensions[EXTENSION] = disk_storage(tmp_path)
    yield committed_app.extensions[EXTENSION]
    del committed_app.extensions[EXTENSION]


def at_once(app: Flask, works: list[Callable[..., Any]]) -> list[str]:
    """Do works at the same time, each in its unit of work; return how each ended."""

    def do(work: Callable[..., Any]) -> str:
        with app.app_context():
            try:
                with unit_of_work() as session:
                    work(session)
            except DomainError as exc:
                return exc.code
        return "done"

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(do, works))


def new_person(app: Flask) -> UUID:
    with app.app_context(), unit_of_work() as session:
        return register(session).id


def test_a_link_is_taken_once_however_many_try(committed_app: Flask, storage: Storage) -> None:
    account_id = new_person(committed_app)
    with committed_app.app_context(), unit_of_work() as session:
        export_id = request_export(session, account_id=account_id, now=NOW).id
    run_jobs(committed_app)
    with committed_app.app_context(), unit_of_work() as session:
        ready_at = session.get_one(PersonalExport, export_id).ready_at
        assert ready_at is not None
        link = make_link(session, account_id=account_id, export_id=export_id, now=ready_at)

    def take(session: Any) -> None:
        open_download(session, storage, token=link.token, is_taken=True, now=ready_at)

    outcomes = at_once(committed_app, [take] * 4)
    assert sorted(outcomes) == ["done", *["export_link_over"] * 3]


def test_one_copy_is_under_way_however_often_it_is_asked_for(
    committed_app: Flask, storage: Storage
) -> None:
    account_id = new_person(committed_app)

    def ask(session: Any) -> None:
        request_export(session, account_id=account_id, now=NOW)

    outcomes = at_once(committed_app, [ask] * 4)
    assert sorted(outcomes) == ["done", *["export_under_way"] * 3]
    with committed_app.app_context(), unit_of_work() as session:
        assert session.scalar(select(func.count()).select_from(PersonalExport)) == 1


def test_of_the_last_two_who_leave_at_once_one_has_to_stay(
    committed_app: Flask, storage: Storage
) -> None:
    with committed_app.app_context(), unit_of_work() as session:
        managers = [make_reviewer(session, "11140", role=Role.MANAGER).id for _ in range(2)]

    def leaving(account_id: UUID) -> Callable[..., Any]:
        return lambda session: erase_account(
            session, account_id=account_id, sign_in_id=None, password=PASSWORD, now=NOW
        )

    outcomes = at_once(committed_app, [leaving(account_id) for account_id in managers])
    assert sorted(outcomes) == ["done", "last_of_role"]
