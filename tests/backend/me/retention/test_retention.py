"""What is kept of people stands on a public list, with what clears it."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, inspect, select
from sqlalchemy.orm import Session

from backend.db import new_id
from backend.jobs.queue import load_tasks, tasks
from backend.me.retention.rules import RULES
from backend.organizations.models import Invitation
from backend.organizations.retention import KEPT_FOR
from backend.organizations.tasks import forget_old_invitations
from backend.rows import ACCOUNT
from geo.orm import Base
from tests.conftest import Clock
from tests.support.people import local_government_organization

API = "/api/v1"

PERSONS = {"account_id", "actor_id", "author_id", "recipient_id", "email", "contact", "closed_by"}
"""Columns that name a person even where no foreign key says so."""


def personal_tables() -> set[str]:
    """Return every table that names people, or is a part of one that does."""
    tables = Base.metadata.tables.values()
    naming = {
        table.name
        for table in tables
        if any(key.target_fullname == ACCOUNT for key in table.foreign_keys)
        or PERSONS & {column.name for column in table.columns}
    }
    parts = {
        table.name
        for table in tables
        for key in table.foreign_keys
        if key.ondelete == "CASCADE" and key.column.table.name in naming
    }
    return naming | parts | {"account"}


def test_every_table_with_personal_data_is_on_the_list(session: Session) -> None:
    listed = {table for rule in RULES for table in rule.tables}
    assert personal_tables() <= listed
    there = set(inspect(session.connection()).get_table_names())
    assert listed <= there, "what is no table is not kept"


def test_what_clears_is_a_task_that_there_is() -> None:
    load_tasks()
    assert {rule.job for rule in RULES if rule.job} <= set(tasks.app.tasks)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.key)
def test_each_rule_says_why_in_both_languages(rule: object) -> None:
    for texts in (rule.what, rule.period, rule.reason):  # type: ignore[attr-defined]
        assert len(texts) == 2
        assert all(text.strip() for text in texts)


def test_everybody_reads_the_list_as_it_is_configured(app: Flask, client: FlaskClient) -> None:
    before, app.config["LOCATION_USE_DAYS"] = app.config["LOCATION_USE_DAYS"], 200
    answer = client.get(f"{API}/privacy/retention")
    app.config["LOCATION_USE_DAYS"] = before
    assert answer.status_code == 200
    by_key = {rule["key"]: rule for rule in answer.json["items"]}
    assert len(by_key) == len(RULES)
    assert by_key["location_use"]["seconds"] == 200 * 24 * 3600
    assert by_key["location_use"]["cleared_by"] == "accounts.forget_location_uses"


def test_addresses_of_whom_nobody_heard_are_forgotten(
    app: Flask, session: Session, clock: Clock
) -> None:
    organization = local_government_organization(session, "11140")
    session.add(
        Invitation(
            id=new_id(),
            organization_id=organization.id,
            role="reviewer",
            email="never@example.com",
            token_sha256="0" * 64,
            invited_at=clock(),
            expires_at=clock() + timedelta(days=14),
        )
    )
    session.commit()
    count = select(func.count()).select_from(Invitation)
    for days, left in ((14 + KEPT_FOR.days - 1, 1), (1, 0)):
        clock.move(days=days)
        with app.app_context():
            forget_old_invitations()
        assert session.scalar(count) == left
