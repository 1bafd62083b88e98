"""Going back to before providers closes who came from one, and spoils nobody else."""

from alembic import command
from sqlalchemy import create_engine, text

from tests.migrations.runs import alembic_config, script_directory

PEOPLE = """
    INSERT INTO account (id, email, display_name, password_hash, is_synthetic, created_at)
    VALUES ('00000000-0000-7000-8000-000000000001', 'a@example.com', 'A', 'hash', false, now()),
           ('00000000-0000-7000-8000-000000000002', NULL, 'B', NULL, false, now());
"""


def test_who_came_from_a_provider_is_closed(fresh_database_url: str) -> None:
    config = alembic_config(fresh_database_url)
    (script,) = (
        row
        for row in script_directory().walk_revisions()
        if row.path.endswith("sign_in_with_providers.py")
    )
    command.upgrade(config, script.revision)
    engine = create_engine(fresh_database_url)
    with engine.begin() as connection:
        connection.exec_driver_sql(PEOPLE)
    command.downgrade(config, str(script.down_revision))
    with engine.connect() as connection:
        rows = connection.execute(
            text("SELECT email, password_hash, disabled_at IS NULL FROM account ORDER BY id")
        ).all()
    engine.dispose()
    assert [tuple(row) for row in rows] == [
        ("a@example.com", "hash", True),
        ("00000000-0000-7000-8000-000000000002@nowhere.invalid", "", False),
    ]
