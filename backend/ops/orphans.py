"""Finds and ends processes that outlived the child which started them; touches nobody else's."""

from __future__ import annotations

import ctypes
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from backend.ops.signals import deferred

_PR_SET_CHILD_SUBREAPER = 36
_GRACE_S = 5.0


@contextmanager
def ended() -> Iterator[None]:
    """Adopt every process that is orphaned below this one, and end them all afterwards.

    Enter it after the cluster was started: the server detaches itself and is not to be adopted.
    """
    already = set(children())
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    try:
        yield
    finally:
        with deferred():
            _end_children(already)
            ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)


def children() -> list[int]:
    """Return the process ids of this process's children, adopted ones included."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        with suppress(OSError):
            # The command name may hold anything, so count from behind its closing bracket.
            fields = (entry / "stat").read_text(errors="replace").rpartition(")")[2].split()
            if int(fields[1]) == os.getpid():
                found.append(int(entry.name))
    return found


def _end_children(spared: set[int]) -> None:
    began = time.monotonic()
    number = signal.SIGTERM
    told: set[int] = set()
    while left := [pid for pid in children() if pid not in spared]:
        if number == signal.SIGTERM and time.monotonic() - began > _GRACE_S:
            number, told = signal.SIGKILL, set()
        for pid in left:
            with suppress(ProcessLookupError, ChildProcessError):
                if pid not in told:
                    os.kill(pid, number)
                    told.add(pid)
                os.waitpid(pid, os.WNOHANG)
        time.sleep(0.02)
