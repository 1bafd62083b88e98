"""Whoever was signed in before sign-ins had names stays so, there and back."""

from collections.abc import Iterator

import pytest
from alembic import command
from sqlalchemy import Connection, create_engine, text

from tests.migrations.runs import alembic_config, script_directory

FAMILY = "00000000-0000-7000-8000-00000000000f"
BEFORE = """
    INSERT INTO account (id, email, display_name, password_hash, is_synthetic, created_at)
        VALUES ('00000000-0000-7000-8000-000000000001', 'min@example.com', '민', '', false,
                '2026-01-05Z');
    INSERT INTO refresh_token
        (id, account_id, family_id, token_sha256, issued_at, expires_at, used_at, revoked_at)
        VALUES
        (gen_random_uuid(), '00000000-0000-7000-8000-000000000001',
         '00000000-0000-7000-8000-00000000000f', 'a', '2026-02-01Z', '2026-03-01Z', '2026-02-05Z',
         NULL),
        (gen_random_uuid(), '00000000-0000-7000-8000-000000000001',
         '00000000-0000-7000-8000-00000000000f', 'b', '2026-02-05Z', '2026-03-05Z', NULL, NULL),
        (gen_random_uuid(), '00000000-0000-7000-8000-000000000001',
         gen_random_uuid(), 'c', '2026-02-01Z', '2026-03-01Z', NULL, '2026-02-02Z');
"""


@pytest.fixture
def connection(fresh_database_url: str) -> Iterator[Connection]:
    """A connection to a database with two sign-ins, brought from before to after."""
    config = alembic_config(fresh_database_url)
    (script,) = (row for row in script_directory().walk_revisions() if "name_sign_ins" in row.path)
    command.upgrade(config, str(script.down_revision))
    engine = create_engine(fresh_database_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(BEFORE)
        command.upgrade(config, script.revision)
        yield connection
        command.downgrade(config, str(script.down_revision))
        back = connection.execute(
            text("SELECT token_sha256, account_id, revoked_at IS NULL FROM refresh_token")
        )
        assert {(row[0], row[2]) for row in back if row[1]} == {
            ("a", True),
            ("b", True),
            ("c", False),
        }
    engine.dispose()


def test_a_family_of_tokens_is_a_sign_in_on_a_device_of_its_own(connection: Connection) -> None:
    found = connection.execute(
        text(
            "SELECT device_id, first_seen_on, last_seen_on, expires_at, ended_at FROM sign_in"
            " WHERE id = :id"
        ),
        {"id": FAMILY},
    ).one()
    assert str(found[0]) == FAMILY
    assert [str(each) for each in found[1:3]] == ["2026-02-01", "2026-02-05"]
    assert found[3].isoformat() == "2026-03-05T00:00:00+00:00"
    assert found[4] is None
    assert connection.scalar(text("SELECT count(*) FROM sign_in WHERE ended_at IS NULL")) == 1
