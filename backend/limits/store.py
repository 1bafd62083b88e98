"""Owns the counting of writes and sign-ins in the database, exact for all processes together.

Every count is committed at once, on a connection of its own: what a refused or failed request
takes back, its count is not part of. The table is UNLOGGED; a crash of the database forgets it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

_COUNT = text(
    """
    INSERT INTO rate_limit AS kept (key, count, expires_at)
    SELECT key, 1, :now + make_interval(secs => window_s)
    FROM unnest(CAST(:keys AS text[]), CAST(:windows_s AS int[])) AS asked (key, window_s)
    ORDER BY key
    ON CONFLICT (key) DO UPDATE SET (count, expires_at) = (
        SELECT CASE WHEN over THEN 1 ELSE kept.count + 1 END,
               CASE WHEN over THEN excluded.expires_at ELSE kept.expires_at END
        FROM (SELECT kept.expires_at <= :now
                  OR kept.expires_at > excluded.expires_at + (excluded.expires_at - :now) AS over) o
    )
    RETURNING key, count, expires_at
    """
)
"""One statement for all counts of a request. The order of keys keeps two of them from waiting for
each other. A window that ends later than twice its length from now is of a clock put back."""

_FORGET = text(
    """
    DELETE FROM rate_limit WHERE key IN (
        SELECT key FROM rate_limit WHERE expires_at <= :now
        ORDER BY expires_at LIMIT :most FOR UPDATE SKIP LOCKED
    ) RETURNING key
    """
)


@dataclass(frozen=True, slots=True)
class Count:
    """How often something was done in a window, this time included, and when that ends."""

    times: int
    expires_at: datetime


def count_all(engine: Engine, windows_s: Mapping[str, int], now: datetime) -> dict[str, Count]:
    """Count one request under each key, and return where each count stands.

    :param engine: of connections that commit each statement (AUTOCOMMIT).
    :param windows_s: seconds of the window by key.
    """
    with engine.connect() as connection:
        rows = connection.execute(
            _COUNT,
            {"keys": list(windows_s), "windows_s": list(windows_s.values()), "now": now},
        )
        return {key: Count(times, expires_at) for key, times, expires_at in rows}


def forget_expired(session: Session, now: datetime, most: int) -> int:
    """Delete some counts whose window is over, and return how many."""
    gone = session.execute(_FORGET, {"now": now, "most": most})
    return len(gone.all())
