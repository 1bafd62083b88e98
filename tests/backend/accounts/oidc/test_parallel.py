"""What a phone sends twice at the same time happens once; and nothing is held while we ask."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from backend.accounts.models import Account
from backend.accounts.oidc.models import ExternalIdentity
from backend.db import db
from tests.conftest import NOW
from tests.support.oidc_provider import (
    TOKEN,
    App,
    Fault,
    TestProvider,
    running_provider,
)

API = "/api/v1"
SIGN_INS = 6


@pytest.fixture
def provider(committed_app: Flask) -> Iterator[TestProvider]:
    """A provider that an application with real commits knows."""
    committed_app.config["CLOCK"] = lambda: NOW
    with running_provider(lambda: NOW) as provider:
        committed_app.config["OIDC_PROVIDERS"] = (provider.described(),)
        yield provider


def phone(app: Flask) -> App:
    """Return an app with a connection of its own."""
    client = app.test_client()
    return App(lambda path, facts: client.post(API + path, json=facts))


def test_parallel_first_sign_ins_of_one_person_make_one_account(
    committed_app: Flask, provider: TestProvider
) -> None:
    phones = [phone(committed_app) for _ in range(SIGN_INS)]
    backs = [one.come_back(provider, "kim") for one in phones]
    with ThreadPoolExecutor(SIGN_INS) as pool:
        answers = list(
            pool.map(
                lambda pair: pair[0].post("/sessions/oidc", pair[1]),
                zip(phones, backs, strict=True),
            )
        )
    assert [answer.status_code for answer in answers] == [201] * SIGN_INS
    assert len({answer.json["account_id"] for answer in answers}) == 1
    assert sum(answer.json["is_new"] for answer in answers) == 1
    with committed_app.app_context():
        for table in (Account, ExternalIdentity):
            assert db.session.scalar(select(func.count()).select_from(table)) == 1


def test_an_attempt_that_is_sent_twice_at_once_is_used_once(
    committed_app: Flask, provider: TestProvider
) -> None:
    back = phone(committed_app).come_back(provider, "kim")
    phones = [phone(committed_app) for _ in range(SIGN_INS)]
    with ThreadPoolExecutor(SIGN_INS) as pool:
        answers = list(pool.map(lambda one: one.post("/sessions/oidc", back), phones))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * (SIGN_INS - 1)
    assert provider.asked.count(TOKEN) == 1


def test_no_transaction_is_open_while_the_provider_is_asked(
    committed_app: Flask, provider: TestProvider
) -> None:
    one = phone(committed_app)
    back = one.come_back(provider, "kim")
    gate = threading.Event()
    provider.faults[TOKEN] = Fault(status=400, body=b'{"error": "invalid_grant"}', wait_for=gate)
    with ThreadPoolExecutor(1) as pool, committed_app.app_context():
        sent = pool.submit(one.post, "/sessions/oidc", back)
        assert provider.faults[TOKEN].arrived.wait(timeout=10)
        open_ones = db.session.scalars(
            text(
                "SELECT state FROM pg_stat_activity WHERE datname = current_database()"
                " AND application_name = 'dongne' AND pid <> pg_backend_pid()"
                " AND state <> 'idle'"
            )
        ).all()
        gate.set()
        assert sent.result().json["code"] == "code_refused"
    assert open_ones == []
