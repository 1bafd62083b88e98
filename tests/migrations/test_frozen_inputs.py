"""Plans from before inputs were frozen keep their place, and their rules."""

from collections.abc import Iterator

import pytest
from alembic import command
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from tests.migrations.runs import alembic_config

BEFORE = "0015"
"""A revision at which plans were published without frozen inputs."""

OLD = """
INSERT INTO account (id, email, display_name, password_hash, created_at, is_synthetic)
    VALUES (gen_random_uuid(), 'one@example.com', '하나', 'x', now(), false),
           (gen_random_uuid(), 'two@example.com', '둘', 'x', now(), false);
INSERT INTO round (id, code, programme_year, title_ko, title_en, status, policy, opens_at,
                   closes_at, is_sample, created_at, opened_at, closed_at, matched_at, approved_at,
                   published_at)
    VALUES (gen_random_uuid(), '2025-1', 2025, '지난 차수', 'A past round', 'published', '{}',
            now() - interval '9 days', now() - interval '8 days', false, now(), now(), now(), now(),
            now(), now());
INSERT INTO matching_run (id, round_id, seed, engine, inputs_sha256, instance_text, plan_text,
                          run_by, run_at, verified_at, violations, approved_by, approved_at,
                          published_by, published_at)
    SELECT gen_random_uuid(), r.id, '1', 'dongne-rules/1', 'x', '{}', '{}', a.id, now(), now(),
           '[]', b.id, now(), b.id, now()
    FROM round r, account a, account b
    WHERE a.email LIKE 'one%' AND b.email LIKE 'two%';
"""


@pytest.fixture
def upgraded(fresh_database_url: str) -> Iterator[Engine]:
    """A database with a plan that was published before inputs were frozen, brought up to date."""
    config = alembic_config(fresh_database_url)
    command.upgrade(config, BEFORE)
    engine = create_engine(fresh_database_url)
    with engine.begin() as connection:
        connection.execute(text(OLD))
    command.upgrade(config, "head")
    yield engine
    engine.dispose()


def test_an_old_plan_stands_as_it_was(upgraded: Engine) -> None:
    with upgraded.connect() as connection:
        row = connection.execute(
            text("SELECT state, is_rehearsal, inputs_id, superseded_at FROM matching_run")
        ).one()
    assert tuple(row) == ("done", False, None, None)


def test_an_old_plan_still_changes_by_nothing_but_its_end(upgraded: Engine) -> None:
    with upgraded.begin() as connection:
        for change in ("seed = '2'", "is_rehearsal = true", "verified_at = NULL"):
            with pytest.raises(ProgrammingError), connection.begin_nested():
                connection.execute(text(f"UPDATE matching_run SET {change}"))  # noqa: S608
        connection.execute(text("UPDATE matching_run SET superseded_at = now()"))


def test_a_new_run_needs_frozen_inputs(upgraded: Engine) -> None:
    copied = """
        INSERT INTO matching_run (id, round_id, seed, is_rehearsal, inputs_sha256, state, run_by,
                                  run_at, violations)
        SELECT gen_random_uuid(), round_id, seed, true, inputs_sha256, 'queued', run_by, now(), '[]'
        FROM matching_run
    """
    with (
        pytest.raises((ProgrammingError, IntegrityError), match="with frozen inputs"),
        upgraded.begin() as connection,
    ):
        connection.execute(text(copied))
