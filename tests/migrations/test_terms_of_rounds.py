"""What stood before rounds kept their terms counts as it stood."""

from collections.abc import Iterator

import pytest
from alembic import command
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import ProgrammingError

from tests.migrations.runs import alembic_config, script_directory

ACCOUNT = "00000000-0000-7000-8000-000000000001"

BEFORE = """
    INSERT INTO account (id, email, display_name, password_hash, is_synthetic, created_at)
        VALUES ('00000000-0000-7000-8000-000000000001', 'officer@example.com', '담당자', '', false,
                '2026-01-05Z');
    INSERT INTO round (id, code, programme_year, title_ko, title_en, status, policy, opens_at,
                       closes_at, is_sample, created_by, created_at)
        VALUES ('00000000-0000-7000-8000-000000000002', '2025-1', 2025, '1차', 'First', 'draft',
                '{"funding": "depth_first"}', '2025-02-01Z', '2025-03-01Z', false,
                '00000000-0000-7000-8000-000000000001', '2025-01-05Z');
    INSERT INTO budget_area (id, round_id, key, name_ko, name_en, budget_krw, is_sample)
        VALUES (gen_random_uuid(), '00000000-0000-7000-8000-000000000002', 'citizen', '국민체감',
                'Citizens', 530, false);
"""


@pytest.fixture
def connection(fresh_database_url: str) -> Iterator[Connection]:
    """A connection to a database with a round that was brought from before to now."""
    config = alembic_config(fresh_database_url)
    (script,) = (
        row
        for row in script_directory().walk_revisions()
        if row.path.endswith("terms_of_rounds.py")
    )
    command.upgrade(config, str(script.down_revision))
    engine = create_engine(fresh_database_url)
    with engine.begin() as connection:
        connection.exec_driver_sql(BEFORE)
    command.upgrade(config, script.revision)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def test_an_areas_money_is_what_it_had_at_first_vat_included_and_of_the_rounds_year(
    connection: Connection,
) -> None:
    found = connection.execute(
        text("SELECT initial_krw, budget_krw, vat_included, budget_year FROM budget_area")
    ).one()
    assert tuple(found) == (530, 530, True, 2025)


def test_the_policy_in_force_is_the_first_version(connection: Connection) -> None:
    statement = text("""
        SELECT v.version, r.policy_version, v.policy = r.policy, v.changed_by::text, v.changed_at
        FROM round_policy_version v JOIN round r ON r.id = v.round_id
    """)
    found = tuple(connection.execute(statement).one())
    assert found[:4] == (1, 1, True, ACCOUNT)
    assert found[4].isoformat() == "2025-01-05T00:00:00+00:00"


@pytest.mark.parametrize("table", ["round_notice", "round_policy_version", "budget_transfer"])
@pytest.mark.parametrize("change", ["UPDATE {} SET reason = 'x'", "DELETE FROM {}", "TRUNCATE {}"])
def test_a_record_is_written_once(connection: Connection, table: str, change: str) -> None:
    with pytest.raises(ProgrammingError, match=f"{table} takes new rows only"):
        connection.execute(text(change.format(table)))
