"""Owns how long a pooled connection is trusted without asking it; knows no setting."""

import time
from typing import Any

from psycopg import Connection as DriverConnection
from psycopg import Error
from sqlalchemy.exc import DisconnectionError

TRUSTED_S = 1.0
"""A connection that answered so lately is used at once; a ping costs a third of a lookup."""

_RESTED_SINCE = "dongne_rested_since"


def note_rest(_connection: DriverConnection[Any] | None, record: Any) -> None:
    """Remember when a connection went back to its pool."""
    record.info[_RESTED_SINCE] = time.monotonic()


def ping_rested(connection: DriverConnection[Any], record: Any, _proxy: Any) -> None:
    """Ask a connection that has rested whether it still lives.

    :raises DisconnectionError: when it does not; the pool then tries another one.
    """
    since = record.info.get(_RESTED_SINCE)
    if since is None or time.monotonic() - since < TRUSTED_S:
        return
    try:
        connection.execute("SELECT 1")
    except Error as error:
        raise DisconnectionError from error


POOL_EVENTS = ((note_rest, "checkin"), (ping_rested, "checkout"))
"""For `create_engine(pool_events=...)`, in place of `pool_pre_ping`."""
