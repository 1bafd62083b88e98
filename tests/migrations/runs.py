"""Owns how the migration tests run Alembic on a database of theirs."""

from pathlib import Path

from alembic.config import Config
from alembic.script import ScriptDirectory

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


def alembic_config(database_url: str | None = None) -> Config:
    """Return the project's Alembic configuration, aimed at a database."""
    config = Config(MIGRATIONS / "alembic.ini")
    config.attributes["database_url"] = database_url
    return config


def script_directory() -> ScriptDirectory:
    """Return the chain of migrations."""
    return ScriptDirectory.from_config(alembic_config())
