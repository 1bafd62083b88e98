"""Owns the one place that reads the time; services get it as the argument `now`."""

from collections.abc import Callable
from datetime import UTC, datetime

from flask import current_app


def system_clock() -> datetime:
    """Return the machine's time in UTC."""
    return datetime.now(UTC)


def now() -> datetime:
    """Return the application's time in UTC; tests set `app.config["CLOCK"]` to their own."""
    clock: Callable[[], datetime] = current_app.config["CLOCK"]
    return clock()
