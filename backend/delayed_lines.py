"""Owns writing lines a moment later, all that came meanwhile at once; knows no framework.

Each write gives up the interpreter's lock, and whoever takes it is woken first: with four threads
at work, a line for every request costs more than making the line.
"""

import atexit
import time
from threading import Event, Lock, Thread
from typing import Protocol


class Stream(Protocol):
    """Where lines go."""

    def write(self, text: str, /) -> int:
        """Write a text."""

    def flush(self) -> None:
        """Hand on what was written."""


class DelayedLines:
    """Takes lines from any thread and writes them in their order; safe for threads.

    A process that is killed loses those of the last moment, one that ends writes them first.

    :param delay_s: how long a line waits for others at most; 0 writes each at once.
    """

    def __init__(self, stream: Stream, delay_s: float) -> None:
        self._stream = stream
        self._delay_s = delay_s
        self._waiting: list[str] = []
        self._lock = Lock()
        self._came = Event()
        self._writer: Thread | None = None

    def add(self, line: str) -> None:
        """Take a line, without its end."""
        if not self._delay_s:
            self._stream.write(f"{line}\n")
            return
        with self._lock:
            self._waiting.append(f"{line}\n")
            is_first = len(self._waiting) == 1
            if self._writer is None:
                self._start()
        if is_first:
            self._came.set()

    def flush(self) -> None:
        """Write what waits."""
        # Written with the lock held: two who write at once would mix up the order.
        with self._lock:
            lines, self._waiting = self._waiting, []
            if lines:
                self._stream.write("".join(lines))
                self._stream.flush()

    def _start(self) -> None:
        self._writer = Thread(target=self._write_for_ever, name="delayed lines", daemon=True)
        self._writer.start()
        atexit.register(self.flush)

    def _write_for_ever(self) -> None:
        while True:
            self._came.wait()
            self._came.clear()
            time.sleep(self._delay_s)
            self.flush()
