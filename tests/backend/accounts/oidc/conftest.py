"""Fixtures of signing in with a provider."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backend.accounts.oidc.directory import Directory
from backend.accounts.oidc.views import EXTENSION
from tests.conftest import Clock
from tests.support.oidc_provider import App, TestProvider, running_provider

API = "/api/v1"


@pytest.fixture
def provider(app: Flask, clock: Clock) -> Iterator[TestProvider]:
    """A provider on loopback, which this installation knows."""
    before = app.config["OIDC_PROVIDERS"]
    # A port may come again, and with it an issuer whose keys were others.
    app.extensions[EXTENSION] = Directory()
    with running_provider(clock) as provider:
        app.config["OIDC_PROVIDERS"] = (provider.described(),)
        yield provider
    app.config["OIDC_PROVIDERS"] = before


@pytest.fixture
def phone(client: FlaskClient, provider: TestProvider) -> App:
    """An app of somebody who is not signed in."""
    return App(lambda path, facts: client.post(API + path, json=facts))


def phone_of(client: FlaskClient, headers: dict[str, str]) -> App:
    """Return the app of somebody who is signed in."""
    return App(lambda path, facts: client.post(API + path, json=facts, headers=headers))


def bearer(pair: Any) -> dict[str, str]:
    """Return the headers of who has signed in."""
    assert pair.status_code == 201, pair.text
    return {"Authorization": f"Bearer {pair.json['access_token']}"}
