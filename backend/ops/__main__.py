"""Entry of `python3 -m backend.ops COMMAND`: names the commands and shows their failures."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Callable

from backend.ops import checks, clean, doctor, interpreter, lock, signals, steps
from backend.ops.errors import OpsError
from backend.ops.paths import Paths, here
from backend.ops.progress import Progress

Command = Callable[[Paths, Progress, list[str]], int]

COMMANDS: dict[str, Command] = {
    "demo": lambda paths, progress, _: steps.demo(paths, progress),
    "serve": lambda paths, progress, _: steps.serve_existing(paths, progress),
    "db": lambda paths, progress, _: steps.start_database(paths, progress),
    "stop": lambda paths, progress, _: steps.stop_database(paths, progress),
    "bench": steps.bench,
    "bench-api": lambda paths, progress, extra: steps.bench(paths, progress, extra, only="api"),
    "bench-geo": lambda paths, progress, extra: steps.bench(paths, progress, extra, only="geo"),
    "bench-matching": lambda paths, progress, extra: steps.bench(
        paths, progress, extra, only="matching"
    ),
    "test": checks.run_tests,
    "check": checks.check,
    "lint": lambda paths, progress, _: checks.lint(paths, progress),
    "format": lambda paths, progress, _: checks.format_code(paths, progress),
    "doctor": lambda paths, progress, _: doctor.examine(paths, progress),
    "lock": lock.lock,
    "clean": lambda paths, progress, _: clean.clean(paths, progress),
}
_INTERRUPTED = 130


def main(arguments: list[str]) -> int:
    """Run the command named by the first argument; return its exit code."""
    if sys.version_info[:2] < interpreter.OLDEST:
        print("Dongne needs Python 3.11 or later.", file=sys.stderr)
        return 1
    if len(arguments) != 1 or arguments[0] not in COMMANDS:
        print(f"usage: python3 -m backend.ops {{{','.join(COMMANDS)}}}", file=sys.stderr)
        return 2
    signals.unwind_when_stopped()
    progress = Progress()
    try:
        extra = shlex.split(os.environ.get("ARGS", ""))
        return COMMANDS[arguments[0]](here(), progress, extra)
    except OpsError as error:
        progress.say()
        progress.say(f"make {arguments[0]} stopped: {error.message}")
        if error.hint:
            progress.say("Next, type:")
            for line in error.hint.splitlines():
                progress.say(f"    {line}")
        return 1
    except KeyboardInterrupt:
        progress.say("Stopped.")
        return _INTERRUPTED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
