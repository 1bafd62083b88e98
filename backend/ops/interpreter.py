"""Chooses the Python that the virtual environment is made with; installs nothing."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

DEBIAN_PYTHON = "/usr/bin/python3"
OLDEST = (3, 11)
TESTED = (3, 11)
_QUESTION = """
import sys
try:
    import ensurepip, ssl, venv
    complete = 1
except ImportError:
    complete = 0
print(sys.version_info[0], sys.version_info[1], complete)
"""


@dataclass(frozen=True)
class Interpreter:
    """One Python on this machine.

    `complete` tells whether it can make an environment; Debian's needs python3-venv for that.
    """

    path: str
    version: tuple[int, int]
    complete: bool


def find() -> Interpreter | None:
    """Return the best Python of this machine, or None when every one is too old."""
    names = (shutil.which("python3"), shutil.which("python3.11"), DEBIAN_PYTHON)
    asked = [ask(path) for path in dict.fromkeys(names) if path is not None]
    return choose(found for found in asked if found is not None)


def choose(candidates: Iterable[Interpreter]) -> Interpreter | None:
    """Return the best candidate: the tested version first, complete ones before Debian's bare one.

    An incomplete Python from elsewhere is no choice, because no Debian package completes it.
    """
    fit = [
        found
        for found in candidates
        if found.version >= OLDEST and (found.complete or found.path == DEBIAN_PYTHON)
    ]
    fit.sort(key=lambda found: (found.version != TESTED, not found.complete))
    return fit[0] if fit else None


def ask(path: str) -> Interpreter | None:
    """Return what the Python at `path` says about itself, or None when it does not run."""
    if not Path(path).exists():
        return None
    answer = subprocess.run(
        [path, "-I", "-c", _QUESTION], capture_output=True, text=True, check=False
    )
    try:
        major, minor, complete = (int(word) for word in answer.stdout.split())
    except ValueError:
        return None
    return Interpreter(path, (major, minor), bool(complete))
