"""Runs other programs: logged with progress, or attached to the terminal; knows none of them."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import FrameType

from backend.ops.errors import OpsError
from backend.ops.progress import Step
from backend.ops.signals import deferred, wanted

_TICK_S = 0.25
_TAIL_LINES = 30
_TAIL_BYTES = 8_000
_SPOILING = ("PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV")


def environment(**extra: str) -> dict[str, str]:
    """Return this process's environment without what would misdirect pip or Python."""
    kept = {name: value for name, value in os.environ.items() if name not in _SPOILING}
    return {**kept, **extra}


def run_logged(
    step: Step,
    command: Sequence[str],
    *,
    log: Path,
    cwd: Path,
    env: Mapping[str, str] | None = None,
    hint: str = "",
    uninterruptible: bool = False,
) -> None:
    """Run `command`, keep what it says in `log` and show its last line beside the step.

    :param hint: what to type when it fails; by default the command itself.
    :param uninterruptible: let it finish before Ctrl-C takes effect.
    :raises OpsError: when it cannot be run or ends with another code than 0.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        output.write(f"$ {shlex.join(command)}\n".encode())
        output.flush()
        begin = output.tell()
        try:
            child = subprocess.Popen(
                command,
                cwd=cwd,
                env=environment() if env is None else env,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                process_group=0,
            )
        except OSError as error:
            message = f"{command[0]} cannot be run: {error.strerror}"
            raise OpsError(message, hint or shlex.join(command)) from error
        if uninterruptible:
            with deferred() as arrived:
                code = _follow(step, child, log, begin, arrived)
        else:
            try:
                code = _follow(step, child, log, begin, ())
            except BaseException:
                end_group(child, grace_s=5)
                raise
    if code != 0:
        lines = "\n".join(f"    {line}" for line in tail(log, begin))
        message = f"{Path(command[0]).name} failed (exit code {code}):\n{lines}\nFull log: {log}"
        raise OpsError(message, hint or shlex.join(command))


def run_attached(command: Sequence[str], *, cwd: Path, env: Mapping[str, str]) -> int:
    """Run `command` on this terminal until it has ended; return its exit code.

    Ctrl-C reaches it directly from the terminal; a signal to this process alone is passed on, and
    a second one ends it at once. Afterwards a stopping signal takes effect here too.
    """
    child: subprocess.Popen[bytes] | None = None
    arrived: list[int] = []

    def pass_on(number: int, _frame: FrameType | None) -> None:
        arrived.append(number)
        if child is None or (number == signal.SIGINT and len(arrived) == 1 and sys.stdin.isatty()):
            return
        child.send_signal(number if len(arrived) == 1 else signal.SIGKILL)

    previous = {number: signal.signal(number, pass_on) for number in wanted()}
    try:
        child = subprocess.Popen(tethered(command), cwd=cwd, env=env)
        code = child.wait()
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
    if arrived:
        return 128 + arrived[0]
    return code if code >= 0 else 128 - code


def tethered(command: Sequence[str]) -> list[str]:
    """Return `command` so that it is told to stop when this process dies, even by kill -9."""
    if shutil.which("setpriv") is None:
        return list(command)
    return ["setpriv", "--pdeathsig", "TERM", *command]


def end_group(child: subprocess.Popen[bytes], *, grace_s: float) -> None:
    """End `child`, leader of its own process group, and whatever is left of that group."""
    for number, wait_s in ((signal.SIGTERM, grace_s), (signal.SIGKILL, 5.0)):
        with suppress(ProcessLookupError):
            os.killpg(child.pid, number)
        try:
            child.wait(wait_s)
        except subprocess.TimeoutExpired:
            continue
    child.poll()


def tail(log: Path, begin: int = 0, lines: int = _TAIL_LINES) -> list[str]:
    """Return the last lines of `log` that lie after byte `begin`."""
    with log.open("rb") as handle:
        size = handle.seek(0, os.SEEK_END)
        handle.seek(max(begin, size - _TAIL_BYTES))
        text = handle.read().decode("utf-8", "replace")
    return text.rstrip().splitlines()[-lines:]


def _follow(
    step: Step, child: subprocess.Popen[bytes], log: Path, begin: int, arrived: Sequence[int]
) -> int:
    while True:
        try:
            return child.wait(_TICK_S)
        except subprocess.TimeoutExpired:
            last = tail(log, begin, 1)
            detail = last[0].strip() if last else ""
            step.tick(f"(stops when this is finished) {detail}" if arrived else detail)
