"""Fixtures of one's own things: phones with real commits, a storage, and whole lives."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from backend.accounts.models import Account
from backend.db import unit_of_work
from backend.files.place import EXTENSION
from backend.files.storage import Storage, disk_storage
from tests.support.lives import Life, live
from tests.support.people import CITY_HALL_EMD, PASSWORD, register

API = "/api/v1"


@dataclass
class Phone:
    """Somebody's app with its copy: what it holds by kind and id, and where it stands."""

    app: Flask
    account_id: UUID
    headers: dict[str, str]
    since: str | None = None
    copy: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)

    def ask(self, since: str | None = None, limit: int = 100) -> Any:
        """Ask once and return the answer as it is."""
        query = {"limit": str(limit)} | ({"since": since} if since else {})
        client = self.app.test_client()
        return client.get(f"{API}/sync", query_string=query, headers=self.headers)

    def sync(self, limit: int = 100) -> list[tuple[str, str, bool]]:
        """Bring the copy up to date, and return what it was told: kind, id, and whether gone."""
        told = []
        while True:
            answer = self.ask(self.since, limit)
            assert answer.status_code == 200, answer.json
            assert len(answer.json["items"]) <= limit
            for item in answer.json["items"]:
                key = (item["kind"], item["id"])
                told.append((*key, item["deleted"]))
                self.copy.pop(key, None)
                if not item["deleted"]:
                    self.copy[key] = item
            self.since = answer.json["next_since"]
            if not answer.json["has_more"]:
                return told


@pytest.fixture
def phone_of(committed_app: Flask) -> Callable[..., Phone]:
    """Make the phone of a new citizen, who lives at City Hall, or of one who is there."""

    def make(account: Account | None = None) -> Phone:
        with committed_app.app_context(), unit_of_work() as session:
            account = account or register(session, residence=CITY_HALL_EMD)
            account_id, email = account.id, account.email
        facts = {"email": email, "password": PASSWORD}
        pair = committed_app.test_client().post(f"{API}/sessions", json=facts).json
        return Phone(committed_app, account_id, {"Authorization": f"Bearer {pair['access_token']}"})

    return make


@pytest.fixture
def storage(app: Flask, tmp_path: Path) -> Iterator[Storage]:
    """The application's storage, empty and gone after the test."""
    before = app.extensions.get(EXTENSION)
    app.extensions[EXTENSION] = disk_storage(tmp_path)
    yield app.extensions[EXTENSION]
    app.extensions[EXTENSION] = before


@pytest.fixture
def full_life(
    app: Flask, client: FlaskClient, session: Session, storage: Storage
) -> Callable[[str], Life]:
    """Return a function: a word -> somebody who did everything here, each text with the word."""
    return lambda word: live(app, client, session, storage, word)
