"""Two at once: one token, one set of local governments."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

from flask import Flask
from sqlalchemy import func, select

from backend.accounts.models import Account
from backend.auth.identity import Role
from backend.db import db, unit_of_work
from backend.organizations.governments import ensure_local_governments
from backend.organizations.invitations import invite
from backend.organizations.models import Membership, Organization
from tests.support import people

AT_ONCE = 2


def together(work: Callable[[], int]) -> list[int]:
    """Run the same work in as many threads as stand at the barrier."""
    barrier = Barrier(AT_ONCE)

    def start(_: int) -> int:
        barrier.wait()
        return work()

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return list(threads.map(start, range(AT_ONCE)))


def test_one_token_lets_one_in(committed_app: Flask) -> None:
    with committed_app.app_context(), unit_of_work() as session:
        government = people.local_government_organization(session, "11140")
        token = invite(
            session,
            organization_id=government.id,
            role=Role.REVIEWER,
            email="new@example.com",
            invited_by=None,
            now=datetime.now(UTC),
            life=timedelta(days=1),
        ).token

    def accept() -> int:
        body = {
            "token": token,
            "registration": {"password": "ten letters!", "display_name": "김새로"},
        }
        client = committed_app.test_client()
        return client.post("/api/v1/invitations/acceptance", json=body).status_code

    assert sorted(together(accept)) == [201, 410]
    with committed_app.app_context():
        for table in (Account, Membership):
            assert db.session.scalar(select(func.count()).select_from(table)) == 1


def test_governments_are_made_once(committed_app: Flask) -> None:
    def align() -> int:
        with committed_app.app_context(), unit_of_work() as session:
            return ensure_local_governments(session, now=datetime.now(UTC)).created

    assert sorted(together(align)) == [0, 243]
    with committed_app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Organization)) == 243
