"""A pooled connection is asked whether it lives once it has rested."""

import pytest
from sqlalchemy import create_engine, text

from backend import connections
from backend.connections import POOL_EVENTS
from tests.support import databases


def test_a_connection_that_died_at_rest_is_replaced(
    template: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with databases.copy_of(None) as url:
        engine = create_engine(url, isolation_level="AUTOCOMMIT", pool_events=POOL_EVENTS)
        with engine.connect() as connection:
            first = connection.scalar(text("SELECT pg_backend_pid()"))
        with engine.connect() as connection:
            assert connection.scalar(text("SELECT pg_backend_pid()")) == first
        with databases.maintenance() as maintenance:
            maintenance.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": first})
        monkeypatch.setattr(connections, "TRUSTED_S", 0.0)
        with engine.connect() as connection:
            assert connection.scalar(text("SELECT pg_backend_pid()")) != first
        engine.dispose()
