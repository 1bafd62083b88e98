"""Shows what is going on: one updating line per step on a terminal, plain lines elsewhere."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TextIO

_HEARTBEAT_S = 30.0
_ERASE_LINE = "\r\x1b[K"


class Progress:
    """Writer of steps and messages to one stream."""

    def __init__(
        self,
        stream: TextIO | None = None,
        *,
        terminal: bool | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Write to `stream` (default: standard output); `terminal` overrides what it seems."""
        self._stream = sys.stdout if stream is None else stream
        self._clock = clock
        self._terminal = _is_terminal(self._stream) if terminal is None else terminal
        self._open_line = False

    @contextmanager
    def step(self, title: str) -> Iterator[Step]:
        """Show `title` with the time that the block takes, and whether it failed."""
        step = Step(self, title, self._clock)
        self._show(f"==> {title} ... ", stays_open=True)
        try:
            yield step
        except BaseException:
            self._close(f"==> {title} ... ", f"stopped after {step.elapsed_s():.1f} s")
            raise
        self._close(f"==> {title} ... ", f"done in {step.elapsed_s():.1f} s")

    def say(self, text: str = "") -> None:
        """Write `text` on lines of its own."""
        self._end_line()
        self._write(text + "\n")

    def warn(self, text: str) -> None:
        """Write `text` so that it is noticed among the steps."""
        self.say(f"!   {text}")

    def tick(self, step: Step, detail: str) -> None:
        """Refresh the line of a running step."""
        if self._terminal:
            plain = detail.encode("ascii", "ignore").decode()
            line = f"==> {step.title} ... {step.elapsed_s():.0f} s  {plain}"
            width = shutil.get_terminal_size().columns - 1
            self._write(_ERASE_LINE + line[:width])
            self._open_line = True
        elif step.heartbeat_is_due(_HEARTBEAT_S):
            self._show(f"{step.elapsed_s():.0f} s ... ", stays_open=True)

    def _show(self, text: str, *, stays_open: bool) -> None:
        self._write(text)
        self._open_line = stays_open

    def _close(self, start: str, end: str) -> None:
        if self._terminal:
            self._write(_ERASE_LINE)
        self._write(f"{end}\n" if self._open_line and not self._terminal else f"{start}{end}\n")
        self._open_line = False

    def _end_line(self) -> None:
        if self._open_line:
            self._write(_ERASE_LINE if self._terminal else "\n")
            self._open_line = False

    def _write(self, text: str) -> None:
        # The terminal may be gone (SIGHUP) while there is still something to stop.
        with suppress(OSError, ValueError):
            self._stream.write(text)
            self._stream.flush()


class Step:
    """One running step."""

    def __init__(self, progress: Progress, title: str, clock: Callable[[], float]) -> None:
        self.title = title
        self._progress = progress
        self._clock = clock
        self._began = clock()
        self._last_heartbeat = self._began

    def elapsed_s(self) -> float:
        """Return the seconds since the step began."""
        return self._clock() - self._began

    def tick(self, detail: str = "") -> None:
        """Show that the step is still running, with its latest detail."""
        self._progress.tick(self, detail)

    def heartbeat_is_due(self, interval_s: float) -> bool:
        """Tell whether `interval_s` seconds passed since the last sign of life, and reset it."""
        if self._clock() - self._last_heartbeat < interval_s:
            return False
        self._last_heartbeat = self._clock()
        return True


def _is_terminal(stream: TextIO) -> bool:
    return stream.isatty() and os.environ.get("TERM", "dumb") != "dumb" and "CI" not in os.environ
