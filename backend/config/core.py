"""Owns the settings of the installation as a whole: database, secret, tokens, logs, limits."""

from pathlib import Path

from backend.config.places import ROOT
from backend.config.setting import (
    Setting,
    database_url,
    not_negative,
    one_of,
    positive,
    secret,
    version,
)

SETTINGS = (
    Setting(
        "SQLALCHEMY_DATABASE_URI",
        "DATABASE_URL",
        None,
        database_url,
        "PostgreSQL with PostGIS; default: the private cluster under var/ (make db)",
    ),
    Setting(
        "SECRET_KEY",
        "DONGNE_SECRET_KEY",
        None,
        secret,
        "signs tokens; default: var/secret.key, which make db creates",
    ),
    Setting("VAR_DIR", "DONGNE_VAR", str(ROOT / "var"), Path, "caches, files and logs"),
    Setting("ISSUER", "DONGNE_ISSUER", "https://dongne.localhost", str, "`iss` of our tokens"),
    Setting(
        "ACCESS_TOKEN_MINUTES", "DONGNE_ACCESS_TOKEN_MINUTES", "15", positive, "life of a token"
    ),
    Setting("REFRESH_TOKEN_DAYS", "DONGNE_REFRESH_TOKEN_DAYS", "30", positive, "life of a sign-in"),
    Setting(
        "INVITATION_DAYS", "DONGNE_INVITATION_DAYS", "14", positive, "life of a staff invitation"
    ),
    Setting(
        "DEADLINE_ALERT_DAYS",
        "DONGNE_DEADLINE_ALERT_DAYS",
        "3",
        positive,
        "days before a round's deadline when local governments hear that nobody there applies",
    ),
    Setting(
        "MINIMUM_APP_VERSION",
        "DONGNE_MINIMUM_APP_VERSION",
        "0.0.0",
        version,
        "apps before this one are told by /api/v1/meta to ask for an update",
    ),
    Setting(
        "LOCATION_USE_DAYS",
        "DONGNE_LOCATION_USE_DAYS",
        "365",
        positive,
        "days for which it stays on record that somebody's position was used",
    ),
    Setting("POOL_SIZE", "DONGNE_POOL_SIZE", "5", positive, "database connections per process"),
    Setting(
        "STATEMENT_TIMEOUT_MS",
        "DONGNE_STATEMENT_TIMEOUT_MS",
        "5000",
        positive,
        "longest statement of a web request",
    ),
    Setting(
        "LOCK_TIMEOUT_MS", "DONGNE_LOCK_TIMEOUT_MS", "1000", positive, "longest wait for a lock"
    ),
    Setting(
        "LOG_FORMAT",
        "DONGNE_LOG_FORMAT",
        "auto",
        one_of("auto", "json", "console"),
        "auto: readable on a terminal, JSON lines elsewhere",
    ),
    Setting(
        "LOG_DELAY_MS",
        "DONGNE_LOG_DELAY_MS",
        "20",
        not_negative,
        "milliseconds that a request's line may wait for others; 0 writes each at once",
    ),
    Setting(
        "TRUSTED_PROXIES",
        "DONGNE_TRUSTED_PROXIES",
        "0",
        not_negative,
        "proxies in front whose X-Forwarded headers are believed, for the addresses in answers and"
        " those of callers, which are counted",
    ),
    Setting(
        "MAX_CONTENT_LENGTH",
        "DONGNE_MAX_BODY_BYTES",
        str(1024 * 1024),
        positive,
        "largest request body in bytes",
    ),
    Setting(
        "TILE_CACHE_BYTES",
        "DONGNE_TILE_CACHE_BYTES",
        str(64 * 1024 * 1024),
        positive,
        "memory per process for finished map tiles",
    ),
)
