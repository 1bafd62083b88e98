"""Recompiles the two lock files from setup.cfg, hashes included; installs nothing from them."""

from __future__ import annotations

from backend.ops import interpreter, setup
from backend.ops.command import environment, run_logged
from backend.ops.errors import OpsError
from backend.ops.paths import Paths
from backend.ops.progress import Progress
from backend.ops.venv import Kind


def lock(paths: Paths, progress: Progress, arguments: list[str]) -> int:
    """Write both lock files, keeping the versions that they name unless `--upgrade` is given.

    :param arguments: passed on to `uv pip compile`.
    :raises OpsError: when uv cannot be had or finds no solution.
    """
    setup.tools(paths, progress)
    python = interpreter.find()
    if python is None:
        raise OpsError("Python 3.11 or later is needed.", "make doctor")
    log = paths.logs / "lock.log"
    scratch = paths.var / "lock-venv"
    uv = scratch / "bin" / "uv"
    if not uv.exists():
        with progress.step("uv, in a scratch environment") as step:
            make = [python.path, "-m", "venv", "--clear", str(scratch)]
            run_logged(step, make, log=log, cwd=paths.root)
            fetch = [str(scratch / "bin" / "pip"), "install", "--progress-bar", "off", "uv"]
            run_logged(step, fetch, log=log, cwd=paths.root)
    for kind, extra in ((Kind.RUN, []), (Kind.DEVELOP, ["--extra", "dev"])):
        command = [
            *(str(uv), "pip", "compile", "setup.cfg", *extra, "--output-file", kind.value),
            *("--generate-hashes", "--no-header", "--no-annotate", "--no-emit-index-url"),
            *("--no-emit-find-links", "--python-version", "3.11", *arguments),
        ]
        with progress.step(f"Compiling {kind.value}") as step:
            run_logged(step, command, log=log, cwd=paths.root, env=environment(UV_NO_CACHE="1"))
    return 0
