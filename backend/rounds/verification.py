"""Owns the check of a stored plan by a process of its own, as a stranger would make it.

The process is a bare Python without installed packages, environment or database: it gets the two
files and nothing else, and is killed when it takes too long.
"""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import geo

LIMIT_S = 300.0
"""Longest time of a check; the largest rounds that were measured take seconds."""

MOST_LINES = 1000
"""Lines of a verdict that are kept."""

_CODE = Path(geo.__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Verdict:
    """How the process ended.

    :param exit_code: 0 when the plan holds; None when it was killed at the limit.
    :param lines: the violated checks, or what else it wrote.
    """

    exit_code: int | None
    lines: list[str]


def verify_texts(instance_text: str, plan_text: str, *, limit_s: float = LIMIT_S) -> Verdict:
    """Check a plan against its instance in a process of its own."""
    with TemporaryDirectory(prefix="dongne-verify-") as folder:
        files = [Path(folder, "instance.json"), Path(folder, "plan.json")]
        for file, text in zip(files, (instance_text, plan_text), strict=True):
            file.write_bytes(text.encode())
        # -E -s -S: no variables, no user's and no installed packages; the engine needs none.
        command = [sys.executable, "-E", "-s", "-S", "-m", "geo.matching", "verify"]
        try:
            ended = subprocess.run(  # noqa: S603 (our own interpreter on our own files)
                [*command, *map(str, files)],
                cwd=_CODE,
                env={},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=limit_s,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return Verdict(None, [f"limit: killed after {limit_s:g} s"])
    written = (ended.stdout + ended.stderr).decode("utf-8", errors="replace")
    return Verdict(ended.returncode, written.splitlines()[:MOST_LINES])
