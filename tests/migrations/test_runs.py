"""The chain as it runs: up, down, up, without drift, one run at a time."""

import importlib
import pkgutil
import threading
from argparse import Namespace
from collections.abc import Iterator

import pytest
from alembic import command
from alembic.util import CommandError
from sqlalchemy import Column, Engine, Integer, Table, create_engine, text
from sqlalchemy.exc import OperationalError

import backend
import geo
from geo.orm import Base
from tests.migrations.runs import alembic_config, script_directory

LEFT_BEHIND = text(
    """
    WITH ours AS (
        SELECT 'table ' || relname AS name, oid FROM pg_class
            WHERE relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
              AND relnamespace = 'public'::regnamespace
        UNION ALL SELECT 'function ' || proname, oid FROM pg_proc
            WHERE pronamespace = 'public'::regnamespace
        UNION ALL SELECT 'type ' || typname, oid FROM pg_type
            WHERE typtype IN ('e', 'd') AND typnamespace = 'public'::regnamespace
    )
    SELECT name FROM ours
    WHERE NOT EXISTS (SELECT FROM pg_depend WHERE objid = ours.oid AND deptype = 'e')
    ORDER BY name
    """
)


@pytest.fixture
def engine(fresh_database_url: str) -> Iterator[Engine]:
    engine = create_engine(fresh_database_url)
    yield engine
    engine.dispose()


def applied_revision(engine: Engine) -> str | None:
    with engine.connect() as connection:
        return connection.scalar(text("SELECT version_num FROM alembic_version"))


def test_up_down_and_up_again(fresh_database_url: str, engine: Engine) -> None:
    config = alembic_config(fresh_database_url)
    command.upgrade(config, "head")
    command.downgrade(config, "base")
    command.upgrade(config, "head")
    assert applied_revision(engine) == script_directory().get_current_head()


def test_each_migration_goes_down_and_up_by_itself(fresh_database_url: str) -> None:
    config = alembic_config(fresh_database_url)
    for script in reversed(list(script_directory().walk_revisions())):
        command.upgrade(config, script.revision)
        command.downgrade(config, "-1")
        command.upgrade(config, script.revision)


def test_the_way_down_leaves_nothing(fresh_database_url: str, engine: Engine) -> None:
    config = alembic_config(fresh_database_url)
    command.upgrade(config, "head")
    command.downgrade(config, "base")
    with engine.connect() as connection:
        assert list(connection.scalars(LEFT_BEHIND)) == ["table alembic_version"]


@pytest.fixture
def every_model() -> None:
    """Have all models in the metadata, those too that the application does not use yet."""
    for package in (backend, geo):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if "models" in module.name.split("."):
                importlib.import_module(module.name)


@pytest.mark.usefixtures("every_model")
def test_models_and_migrations_agree(fresh_database_url: str) -> None:
    config = alembic_config(fresh_database_url)
    command.upgrade(config, "head")
    command.check(config)


@pytest.mark.usefixtures("every_model")
def test_drift_is_noticed(fresh_database_url: str) -> None:
    config = alembic_config(fresh_database_url)
    command.upgrade(config, "head")
    forgotten = Table("forgotten", Base.metadata, Column("id", Integer, primary_key=True))
    try:
        with pytest.raises(CommandError, match="forgotten"):
            command.check(config)
    finally:
        Base.metadata.remove(forgotten)


def test_a_run_waits_for_the_one_before_it(fresh_database_url: str, engine: Engine) -> None:
    run = threading.Thread(
        target=command.upgrade, args=(alembic_config(fresh_database_url), "head")
    )
    with engine.connect() as other:
        other.execute(text("SELECT pg_advisory_lock(x'646F6E67'::bigint)"))
        other.commit()
        run.start()
        run.join(timeout=1)
        waited = run.is_alive()
        with engine.connect() as reader:
            untouched = reader.scalar(text("SELECT to_regclass('alembic_version') IS NULL"))
        other.execute(text("SELECT pg_advisory_unlock_all()"))
        other.commit()
    run.join()
    assert (waited, untouched) == (True, True)
    assert applied_revision(engine) == script_directory().get_current_head()


def test_a_run_gives_up_on_a_busy_table(fresh_database_url: str, engine: Engine) -> None:
    config = alembic_config(fresh_database_url)
    command.upgrade(config, "0001")
    config.cmd_opts = Namespace(x=["lock_timeout=100ms"])
    with engine.begin() as reader:
        reader.execute(text("SELECT FROM procrastinate_jobs"))
        with pytest.raises(OperationalError, match="lock timeout"):
            command.downgrade(config, "base")
    assert applied_revision(engine) == "0001"


def test_a_run_can_be_read_as_sql(capsys: pytest.CaptureFixture[str]) -> None:
    command.upgrade(alembic_config(), "head", sql=True)
    written = capsys.readouterr().out
    assert "CREATE TABLE procrastinate_jobs" in written
    assert "CREATE TABLE audit_event" in written
