"""Owns every setting of the application: its variable, its default and its check.

Settings come from the environment and fail at start; nothing else reads the environment. The
tables stand in one file per subject.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask.cli import NoAppException

from backend.config import citizens, core, files, geocoder, limits, mail, notifications, sign_in
from backend.config.places import ROOT
from backend.config.setting import Setting
from backend.connections import POOL_EVENTS
from backend.ops import cluster

__all__ = ["READ_BIND", "ROOT", "SETTINGS", "ConfigurationError", "load_config"]

READ_BIND = "read"
"""Name of the second engine, for tiles, lookups and other pure reads."""

SUBJECTS = (core, citizens, files, geocoder, limits, mail, notifications, sign_in)

SETTINGS: tuple[Setting, ...] = tuple(
    setting for subject in SUBJECTS for setting in subject.SETTINGS
)
"""Every setting there is."""


class ConfigurationError(NoAppException):
    """A setting is missing or cannot be read; `flask` shows the message without a traceback."""


def load_config(
    overrides: Mapping[str, Any] | None = None, environ: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Read all settings.

    :param overrides: final values by key, as tests give them.
    :param environ: variables to read, the process's own by default.
    :raises ConfigurationError: when a setting is missing or unreadable.
    """
    environ = os.environ if environ is None else environ
    config: dict[str, Any] = dict(overrides or {})
    for setting in SETTINGS:
        if setting.key in config:
            continue
        text = environ.get(setting.variable) or setting.default
        if text is None:
            text = _derive(setting, Path(environ.get("DONGNE_VAR") or ROOT / "var"))
        try:
            config[setting.key] = setting.parse(text)
        except ValueError as exc:
            msg = f"{setting.variable}: {exc}"
            raise ConfigurationError(msg) from exc
    config.setdefault("SQLALCHEMY_ENGINE_OPTIONS", _engine_options(config))
    config.setdefault("SQLALCHEMY_BINDS", {READ_BIND: _read_engine_options(config)})
    return config


def _derive(setting: Setting, var_dir: Path) -> str:
    if setting.key == "SQLALCHEMY_DATABASE_URI":
        url = cluster.find_url()
        if url is None:
            msg = "no database: start the private one with `make db`, or set DATABASE_URL"
            raise ConfigurationError(msg)
        return url
    key_file = var_dir / "secret.key"
    if not key_file.is_file():
        msg = "no secret key: `make db` creates var/secret.key, or set DONGNE_SECRET_KEY"
        raise ConfigurationError(msg)
    return key_file.read_text(encoding="ascii").strip()


def _read_engine_options(config: Mapping[str, Any]) -> dict[str, Any]:
    """Describe the pool of pure reads: no transaction to begin, so none to roll back either."""
    return {
        **config["SQLALCHEMY_ENGINE_OPTIONS"],
        "url": config["SQLALCHEMY_DATABASE_URI"],
        "isolation_level": "AUTOCOMMIT",
        "pool_reset_on_return": None,
        "pool_pre_ping": False,
        "pool_events": POOL_EVENTS,
    }


def _engine_options(config: Mapping[str, Any]) -> dict[str, Any]:
    """Bound what a request may wait for; lookups are too short for JIT or parallel plans."""
    session_settings = {
        "timezone": "UTC",
        "statement_timeout": config["STATEMENT_TIMEOUT_MS"],
        "lock_timeout": config["LOCK_TIMEOUT_MS"],
        "idle_in_transaction_session_timeout": 30_000,
        "jit": "off",
        "max_parallel_workers_per_gather": 0,
    }
    return {
        "pool_pre_ping": True,
        "pool_size": config["POOL_SIZE"],
        "max_overflow": 2,
        "pool_timeout": 3,
        "pool_recycle": 300,
        "connect_args": {
            "connect_timeout": 3,
            "application_name": "dongne",
            "options": " ".join(f"-c {name}={value}" for name, value in session_settings.items()),
        },
    }
