"""The commands that judge the code: tests, linters, types; fixes nothing but the format."""

from __future__ import annotations

import os

from backend.ops import database, orphans, setup
from backend.ops.command import environment, run_attached
from backend.ops.paths import Paths
from backend.ops.progress import Progress

_MOST_WORKERS = 4
_STOPPED_BY_SIGNAL = 128


def run_tests(
    paths: Paths, progress: Progress, arguments: list[str], *, heavy: bool = False
) -> int:
    """Run the tests, by default without the heavy ones; return pytest's exit code.

    :param arguments: passed on to pytest behind our own.
    :raises OpsError: when the set-up fails.
    """
    setup.everything(paths, progress, tests=True, heavy=heavy)
    with database.available(paths, progress) as env, orphans.ended():
        command = [
            *(str(paths.python), "-m", "pytest", "-n", str(workers()), "--dist", "loadgroup"),
            *(() if heavy else ("-m", "not heavy")),
            *arguments,
        ]
        return run_attached(command, cwd=paths.root, env=env)


def workers() -> int:
    """Return how many tests run at once: one per processor, at least 2, at most 4."""
    return max(2, min(_MOST_WORKERS, len(os.sched_getaffinity(0))))


def lint(paths: Paths, progress: Progress) -> int:
    """Run every linter and the type checker, all of them; return the worst exit code.

    :raises OpsError: when the set-up fails.
    """
    return _run_tools(
        paths,
        progress,
        (["ruff", "check"], ["ruff", "format", "--check"], ["lint-imports"], ["mypy"]),
    )


def format_code(paths: Paths, progress: Progress) -> int:
    """Format the code and apply the safe fixes; return the worst exit code.

    :raises OpsError: when the set-up fails.
    """
    return _run_tools(paths, progress, (["ruff", "check", "--fix"], ["ruff", "format"]))


def check(paths: Paths, progress: Progress, arguments: list[str]) -> int:
    """Lint, then run all tests with the heavy ones; return the worse exit code.

    :raises OpsError: when the set-up fails.
    """
    code = lint(paths, progress)
    if code >= _STOPPED_BY_SIGNAL:
        return code
    return max(code, run_tests(paths, progress, arguments, heavy=True))


def _run_tools(paths: Paths, progress: Progress, commands: tuple[list[str], ...]) -> int:
    setup.tools(paths, progress)
    worst = 0
    with orphans.ended():
        for command in commands:
            progress.say(f"==> {' '.join(command)}")
            program = str(paths.venv / "bin" / command[0])
            code = run_attached([program, *command[1:]], cwd=paths.root, env=environment())
            if code >= _STOPPED_BY_SIGNAL:
                return code
            worst = max(worst, code)
    return worst
