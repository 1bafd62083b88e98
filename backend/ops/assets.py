"""Fetches what the pages need from npm; the API works without it."""

from __future__ import annotations

import shutil

from backend.ops import stamps
from backend.ops.command import run_logged
from backend.ops.errors import OpsError
from backend.ops.paths import Paths
from backend.ops.progress import Progress

TO_TYPE = "cd backend/web && npm ci --ignore-scripts --no-audit --no-fund && npm run vendor"


def are_missing(paths: Paths) -> bool:
    """Tell whether the pages want vendored files that are absent or not those of the lock file."""
    if not (paths.web / "package.json").exists():
        return False
    vendored = paths.web / "static" / "vendor"
    return not (vendored.is_dir() and stamps.matches(paths.stamps / "assets", _digest(paths)))


def ensure(paths: Paths, progress: Progress) -> bool:
    """Fetch the page assets if need be; False when the pages will lack them.

    Never raises for npm's sake: whoever only needs the API goes on.
    """
    if not (paths.web / "package.json").exists():
        progress.say("==> Page assets from npm ... none, there is no backend/web/package.json")
    if not are_missing(paths):
        return True
    if shutil.which("npm") is None or shutil.which("node") is None:
        _explain(progress, "nodejs and npm are missing", "make doctor")
        return False
    log = paths.logs / "npm.log"
    log.unlink(missing_ok=True)
    try:
        with progress.step("Page assets from npm") as step:
            install = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
            for command in (install, ["npm", "run", "vendor"]):
                run_logged(step, command, log=log, cwd=paths.web, hint=TO_TYPE)
    except OpsError as error:
        _explain(progress, error.message, error.hint)
        return False
    stamps.write(paths.stamps / "assets", _digest(paths))
    return True


def _explain(progress: Progress, reason: str, to_type: str) -> None:
    progress.warn(f"The API will run, but the pages lack the map library: {reason}")
    progress.warn(f"To try again: {to_type}")


def _digest(paths: Paths) -> str:
    names = ("package.json", "package-lock.json", "vendor.mjs")
    return stamps.digest(paths.web / name for name in names)
