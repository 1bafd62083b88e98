"""The callers of the contract's tests, in an installation where the demonstration was played."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import Connection, create_engine, select, text
from sqlalchemy.orm import Session

from backend.accounts.models import Account
from backend.accounts.tokens import issue_access_token
from backend.db import db
from backend.demo.play import play
from tests.conftest import NOW, Clock, application
from tests.support import databases

ROLES = ("anonymous", "citizen", "reviewer", "officer")


@dataclass(slots=True)
class Played:
    """The application on a database in which the demonstration was played.

    :param logins: address by role.
    :param ids: what there is, by the name of the path parameter that takes its id.
    """

    app: Flask
    logins: dict[str, str]
    ids: dict[str, list[str]] = field(default_factory=dict)

    def headers(self, role: str) -> dict[str, str]:
        """Return the headers of a caller: a token of the present, or nothing."""
        if role == "anonymous":
            return {}
        with self.app.app_context():
            account = db.session.scalars(
                select(Account.id).where(Account.email == self.logins[role])
            ).one()
        config = self.app.config
        token = issue_access_token(
            account,
            secret=config["SECRET_KEY"],
            issuer=config["ISSUER"],
            now=NOW,
            life=timedelta(days=1),
        )
        return {"Authorization": f"Bearer {token}"}


ID_TABLES = {
    "proposal_id": "proposal",
    "round_id": "round",
    "product_id": "product",
    "organization_id": "organization",
    "institution_id": "institution",
    "placement_id": "placement",
    "run_id": "matching_run",
    "offer_id": "offer",
    "notice_id": "notice",
}
"""Where the ids of path parameters are found."""


@pytest.fixture(scope="session")
def played(template: str) -> Iterator[Played]:
    """The demonstration, played once per worker."""
    with databases.copy_of(template, "dongne_contract") as url:
        app = application(url)
        app.config["CLOCK"] = Clock()
        engine = create_engine(url)
        with Session(engine) as session:
            cast = play(session, now=NOW, say=lambda _: None)
            session.commit()
            ids = {name: _some_ids(session, table) for name, table in ID_TABLES.items()}
        engine.dispose()
        yield Played(app, cast.logins, ids)
        with app.app_context():
            for engine in db.engines.values():
                engine.dispose()


@pytest.fixture
def connection(played: Played) -> Iterator[Connection]:
    """The one connection of a test; everything on it is rolled back."""
    with played.app.app_context():
        engines = db.engines
    engine = engines[None]
    with engine.connect() as connection:
        transaction = connection.begin()
        engines[None] = connection  # type: ignore[assignment]
        yield connection
        engines[None] = engine
        transaction.rollback()


def _some_ids(session: Session, table: str) -> list[str]:
    key = "organization_id" if table == "institution" else "id"
    rows = session.scalars(text(f"SELECT {key} FROM {table} ORDER BY 1 LIMIT 20"))  # noqa: S608
    return [str(UUID(str(row))) for row in rows]
