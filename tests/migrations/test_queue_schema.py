"""The queue's tables are those that the installed procrastinate expects."""

from collections.abc import Iterator

import pytest
from alembic import command
from procrastinate.schema import SchemaManager
from sqlalchemy import Engine, create_engine, text

from tests.migrations.runs import alembic_config

OBJECTS = text(
    r"""
    SELECT 'function ' || proname, pg_get_functiondef(oid) FROM pg_proc
        WHERE proname LIKE 'procrastinate\_%'
    UNION ALL SELECT 'column ' || table_name || '.' || column_name,
            concat_ws(' ', udt_name, character_maximum_length, is_nullable, column_default)
        FROM information_schema.columns WHERE table_name LIKE 'procrastinate\_%'
    UNION ALL SELECT 'index ' || indexname, indexdef FROM pg_indexes
        WHERE tablename LIKE 'procrastinate\_%'
    UNION ALL SELECT 'constraint ' || conname, pg_get_constraintdef(oid) FROM pg_constraint
        WHERE conrelid::regclass::text LIKE 'procrastinate\_%'
    UNION ALL SELECT 'trigger ' || tgname, pg_get_triggerdef(oid) FROM pg_trigger
        WHERE tgrelid::regclass::text LIKE 'procrastinate\_%' AND NOT tgisinternal
    UNION ALL SELECT 'enum ' || typname || '.' || enumlabel, enumsortorder::text
        FROM pg_enum JOIN pg_type ON pg_type.oid = enumtypid
        WHERE typname LIKE 'procrastinate\_%'
    """
)


@pytest.fixture
def engine(fresh_database_url: str) -> Iterator[Engine]:
    engine = create_engine(fresh_database_url)
    yield engine
    engine.dispose()


def read_objects(engine: Engine) -> dict[str, str]:
    with engine.connect() as connection:
        return {row[0]: row[1] for row in connection.execute(OBJECTS)}


def test_the_chain_builds_what_the_installed_release_would(
    fresh_database_url: str, engine: Engine
) -> None:
    config = alembic_config(fresh_database_url)
    command.upgrade(config, "head")
    ours = read_objects(engine)
    command.downgrade(config, "base")
    with engine.begin() as connection:
        connection.exec_driver_sql(
            SchemaManager.get_schema(), execution_options={"no_parameters": True}
        )
    assert ours == read_objects(engine)
