"""Keeps a handful of child processes together: all run, or none does; knows not what they are."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from backend.ops.command import end_group, tail, tethered
from backend.ops.errors import OpsError
from backend.ops.signals import Terminal, wanted

_LOOK_EVERY_S = 0.1


@dataclass(frozen=True)
class Child:
    """One supervised process with its log."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path


class Supervisor:
    """Starts children, watches them and ends them together."""

    def __init__(self, *, grace_s: float = 15.0) -> None:
        """Give children `grace_s` seconds to end by themselves."""
        self._grace_s = grace_s
        self._children: list[Child] = []
        self._signals: list[int] = []
        self._terminal = Terminal()

    @property
    def is_stopping(self) -> bool:
        """Whether a stopping signal has arrived."""
        return bool(self._signals)

    @contextmanager
    def running(self) -> Iterator[Supervisor]:
        """Listen to stopping signals, and end every child when the block is left.

        A first signal asks, a second one stops waiting for children that do not answer.
        """
        previous = {number: signal.signal(number, self._note) for number in wanted()}
        try:
            yield self
        finally:
            self._end_all()
            for number, handler in previous.items():
                signal.signal(number, handler)

    def start(
        self, name: str, command: Sequence[str], *, cwd: Path, env: Mapping[str, str], log: Path
    ) -> None:
        """Start `command`, out of reach of the terminal's Ctrl-C, writing to `log`.

        :raises OpsError: when it cannot be run.
        """
        log.parent.mkdir(parents=True, exist_ok=True)
        if log.exists():
            log.replace(log.with_suffix(".log.1"))
        try:
            with log.open("wb") as output:
                process = subprocess.Popen(
                    tethered(command),
                    cwd=cwd,
                    env=env,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
        except OSError as error:
            message = f"{name} cannot be started: {error.strerror}"
            raise OpsError(message, "make doctor") from error
        self._children.append(Child(name, process, log))

    def check(self) -> None:
        """Look whether every child lives.

        :raises OpsError: when one has ended, with the end of its log.
        """
        for child in self._children:
            code = child.process.poll()
            if code is not None and not self.is_stopping:
                said = "\n".join(f"    {line}" for line in tail(child.log))
                message = f"{child.name} ended by itself (code {code}):\n{said}"
                raise OpsError(message, f"less {child.log}")

    def pause(self) -> None:
        """Sleep until the next look at the children is due; a closed terminal is noticed here."""
        if self._terminal.closes_within(_LOOK_EVERY_S) and not self.is_stopping:
            self._signals.append(signal.SIGHUP)

    def wait(self) -> None:
        """Wait for a stopping signal.

        :raises OpsError: when a child ends before.
        """
        while not self.is_stopping:
            self.check()
            self.pause()

    def _note(self, number: int, _frame: FrameType | None) -> None:
        self._signals.append(number)
        if len(self._signals) > 1:
            for child in self._children:
                if child.process.poll() is None:
                    child.process.kill()

    def _end_all(self) -> None:
        for child in self._children:
            if child.process.poll() is None:
                child.process.terminate()
        deadline = time.monotonic() + self._grace_s
        for child in self._children:
            end_group(child.process, grace_s=max(0.0, deadline - time.monotonic()))
        self._children.clear()
