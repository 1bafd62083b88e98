"""Owns every setting of the application: its variable, its default and its check.

Settings come from the environment and fail at start; nothing else reads the environment.
"""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask.cli import NoAppException

from backend.connections import POOL_EVENTS
from backend.ops import cluster

ROOT = Path(__file__).resolve().parent.parent
"""The project's folder; what the application writes lies in its `var/`."""

READ_BIND = "read"
"""Name of the second engine, for tiles, lookups and other pure reads."""


class ConfigurationError(NoAppException):
    """A setting is missing or cannot be read; `flask` shows the message without a traceback."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One line of the settings table.

    :param key: name in ``app.config``.
    :param variable: environment variable.
    :param default: text used when the variable is unset; None means that it has to be derived.
    :param parse: turns the text into the value; raises ValueError on nonsense.
    :param help: what it does, for operators.
    """

    key: str
    variable: str
    default: str | None
    parse: Callable[[str], Any]
    help: str


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        msg = "must be at least 1"
        raise ValueError(msg)
    return number


def _not_negative(text: str) -> int:
    number = int(text)
    if number < 0:
        msg = "must not be negative"
        raise ValueError(msg)
    return number


def _one_of(*allowed: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in allowed:
            raise ValueError("must be one of " + ", ".join(allowed))
        return text

    return parse


def _secret(text: str) -> str:
    if len(text) < 32:
        msg = "must have at least 32 characters"
        raise ValueError(msg)
    return text


def _version(text: str) -> str:
    if not re.fullmatch(r"\d+\.\d+\.\d+", text, re.ASCII):
        msg = "must be three numbers with dots, such as 1.4.0"
        raise ValueError(msg)
    return text


def _database_url(text: str) -> str:
    """Name the driver: a bare ``postgresql://`` changed its meaning in SQLAlchemy 2.1."""
    scheme, separator, rest = text.partition("://")
    if not separator or scheme not in ("postgres", "postgresql", "postgresql+psycopg"):
        msg = "must start with postgresql://"
        raise ValueError(msg)
    return "postgresql+psycopg://" + rest


SETTINGS = (
    Setting(
        "SQLALCHEMY_DATABASE_URI",
        "DATABASE_URL",
        None,
        _database_url,
        "PostgreSQL with PostGIS; default: the private cluster under var/ (make db)",
    ),
    Setting(
        "SECRET_KEY",
        "DONGNE_SECRET_KEY",
        None,
        _secret,
        "signs tokens; default: var/secret.key, which make db creates",
    ),
    Setting("VAR_DIR", "DONGNE_VAR", str(ROOT / "var"), Path, "caches, files and logs"),
    Setting("ISSUER", "DONGNE_ISSUER", "https://dongne.localhost", str, "`iss` of our tokens"),
    Setting(
        "ACCESS_TOKEN_MINUTES", "DONGNE_ACCESS_TOKEN_MINUTES", "15", _positive, "life of a token"
    ),
    Setting(
        "REFRESH_TOKEN_DAYS", "DONGNE_REFRESH_TOKEN_DAYS", "30", _positive, "life of a sign-in"
    ),
    Setting(
        "INVITATION_DAYS", "DONGNE_INVITATION_DAYS", "14", _positive, "life of a staff invitation"
    ),
    Setting(
        "DEADLINE_ALERT_DAYS",
        "DONGNE_DEADLINE_ALERT_DAYS",
        "3",
        _positive,
        "days before a round's deadline when local governments hear that nobody there applies",
    ),
    Setting(
        "MINIMUM_APP_VERSION",
        "DONGNE_MINIMUM_APP_VERSION",
        "0.0.0",
        _version,
        "apps before this one are told by /api/v1/meta to ask for an update",
    ),
    Setting("POOL_SIZE", "DONGNE_POOL_SIZE", "5", _positive, "database connections per process"),
    Setting(
        "STATEMENT_TIMEOUT_MS",
        "DONGNE_STATEMENT_TIMEOUT_MS",
        "5000",
        _positive,
        "longest statement of a web request",
    ),
    Setting(
        "LOCK_TIMEOUT_MS", "DONGNE_LOCK_TIMEOUT_MS", "1000", _positive, "longest wait for a lock"
    ),
    Setting(
        "LOG_FORMAT",
        "DONGNE_LOG_FORMAT",
        "auto",
        _one_of("auto", "json", "console"),
        "auto: readable on a terminal, JSON lines elsewhere",
    ),
    Setting(
        "LOG_DELAY_MS",
        "DONGNE_LOG_DELAY_MS",
        "20",
        _not_negative,
        "milliseconds that a request's line may wait for others; 0 writes each at once",
    ),
    Setting(
        "TRUSTED_PROXIES",
        "DONGNE_TRUSTED_PROXIES",
        "0",
        _not_negative,
        "proxies in front whose X-Forwarded headers are believed, for the addresses in answers",
    ),
    Setting(
        "MAX_CONTENT_LENGTH",
        "DONGNE_MAX_BODY_BYTES",
        str(1024 * 1024),
        _positive,
        "largest request body in bytes",
    ),
    Setting(
        "TILE_CACHE_BYTES",
        "DONGNE_TILE_CACHE_BYTES",
        str(64 * 1024 * 1024),
        _positive,
        "memory per process for finished map tiles",
    ),
)


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
