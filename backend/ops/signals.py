"""Says how signals and a closed terminal end a command, and when they must wait; starts nothing."""

from __future__ import annotations

import select
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def wanted() -> tuple[signal.Signals, ...]:
    """Return the signals that stop a command; under nohup a closed terminal is none."""
    ignored = signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    return tuple(each for each in STOPPING if not (ignored and each is signal.SIGHUP))


class Terminal:
    """The terminal that a command was started from, if any."""

    def __init__(self) -> None:
        self._poll = select.poll()
        self._is_watched = signal.SIGHUP in wanted() and sys.stdin.isatty()
        if self._is_watched:
            self._poll.register(sys.stdin.fileno(), 0)

    def closes_within(self, timeout_s: float) -> bool:
        """Wait up to `timeout_s` seconds; tell whether the terminal has been closed.

        make swallows SIGHUP when it leads the session, as under `ssh -t host make demo`, so the
        signal alone does not tell.
        """
        return bool(self._poll.poll(timeout_s * 1000))


def unwind_when_stopped() -> None:
    """Let termination and a closed terminal leave through every `finally`, as Ctrl-C does."""

    def leave(number: int, _frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    for number in wanted():
        if number is not signal.SIGINT:
            signal.signal(number, leave)


@contextmanager
def deferred() -> Iterator[list[int]]:
    """Hold back stopping signals until the block is left, then deliver the first of them.

    Yields the list of those that have arrived. Outside the main thread there are none.
    """
    arrived: list[int] = []
    if threading.current_thread() is not threading.main_thread():
        yield arrived
        return

    def note(number: int, _frame: FrameType | None) -> None:
        arrived.append(number)

    previous = {number: signal.signal(number, note) for number in wanted()}
    try:
        yield arrived
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
        if arrived:
            signal.raise_signal(arrived[0])
