"""Fixtures of the tests of copies, with real commits: what did not end yet is not told of."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from backend.accounts.models import Account
from backend.db import unit_of_work
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
