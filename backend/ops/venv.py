"""Makes and mends the virtual environment from the lock files; chooses no versions."""

from __future__ import annotations

from enum import Enum
from pathlib import Path

from backend.ops import interpreter, stamps
from backend.ops.command import environment, run_logged
from backend.ops.errors import OpsError
from backend.ops.paths import Paths
from backend.ops.progress import Progress


class Kind(Enum):
    """What an environment is good for."""

    RUN = "requirements.lock"
    DEVELOP = "requirements-dev.lock"


def is_ready(paths: Paths, kind: Kind) -> bool:
    """Tell whether the environment is complete for `kind` as the files stand now."""
    return paths.python.exists() and stamps.matches(_stamp(paths, kind), _digest(paths, kind))


def ensure(paths: Paths, progress: Progress, kind: Kind) -> bool:
    """Make the environment complete for `kind`; False when it was already.

    An environment without a stamp is the leftover of an interrupted run and is made anew. One
    made for other lock files is brought up to date in place.

    :raises OpsError: when there is no suitable Python or pip fails.
    """
    if is_ready(paths, kind):
        return False
    known = any(_stamp(paths, each).exists() for each in Kind)
    with progress.step(f"Python packages of {kind.value}") as step:
        log = paths.logs / "venv.log"
        log.unlink(missing_ok=True)
        if not (known and paths.python.exists()):
            python = interpreter.find()
            if python is None:
                raise OpsError("Python 3.11 or later is needed.", "make doctor")
            command = [python.path, "-m", "venv", "--clear", str(paths.venv)]
            run_logged(step, command, log=log, cwd=paths.root)
        for each in Kind:
            _stamp(paths, each).unlink(missing_ok=True)
        for arguments in (["--require-hashes", "-r", kind.value], ["--no-deps", "-e", "."]):
            pip = [str(paths.python), "-m", "pip", "install", "--progress-bar", "off"]
            env = environment(PIP_DISABLE_PIP_VERSION_CHECK="1", PIP_NO_INPUT="1")
            run_logged(step, [*pip, *arguments], log=log, cwd=paths.root, env=env)
        made = {kind, Kind.RUN}  # the lock for development contains the one for running
        for each in made:
            stamps.write(_stamp(paths, each), _digest(paths, each))
    return True


def _stamp(paths: Paths, kind: Kind) -> Path:
    return paths.venv / f"made-from-{kind.value}"


def _digest(paths: Paths, kind: Kind) -> str:
    return stamps.digest((paths.root / kind.value, paths.root / "setup.cfg"))
