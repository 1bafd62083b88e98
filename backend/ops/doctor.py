"""Says what this clone needs, what is missing and what to type; changes nothing."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable
from dataclasses import dataclass

from backend.ops import apt, assets, cluster, database, packages, place, serve, setup, venv
from backend.ops.paths import Paths
from backend.ops.progress import Progress
from backend.ops.venv import Kind

_SPACE_WANTED_BYTES = 3_000_000_000


@dataclass(frozen=True)
class Finding:
    """One need: whether it is met, what helps, and whether anything works without it."""

    title: str
    is_met: bool
    to_type: str = ""
    required: bool = True


def examine(paths: Paths, progress: Progress) -> int:
    """Print every finding; return 1 when something required is missing, else 0."""
    return report(progress, findings(paths))


def report(progress: Progress, found: Iterable[Finding]) -> int:
    """Print `found`, what helps below each gap; return 1 when a required one is not met."""
    gaps = 0
    for finding in found:
        if finding.is_met:
            progress.say(f"ok        {finding.title}")
            continue
        progress.say(f"{'missing ' if finding.required else 'optional'}  {finding.title}")
        for line in finding.to_type.splitlines():
            progress.say(f"              {line}")
        gaps += finding.required
    return 1 if gaps else 0


def findings(paths: Paths) -> list[Finding]:
    """Return what there is to know about this machine and this clone."""
    return [*_machine(paths), *_packages(paths), *_clone(paths)]


def _machine(paths: Paths) -> list[Finding]:
    version = ".".join(str(part) for part in sys.version_info[:3])
    space = shutil.disk_usage(paths.root).free
    may_install = os.geteuid() == 0 or shutil.which("sudo") is not None
    return [
        Finding(f"Python {version}", sys.version_info >= (3, 11), "apt-get install python3"),
        Finding(
            f"{space / 1e9:.1f} GB of free disk space",
            space >= _SPACE_WANTED_BYTES,
            "Free some space: about 3 GB are used.",
        ),
        Finding("root or sudo, to install packages", may_install, "su -", required=False),
    ]


def _packages(paths: Paths) -> list[Finding]:
    wanted = setup.situation(paths, Kind.RUN, tests=True, heavy=True).needs()
    missing = packages.missing(wanted)
    for_tests = (packages.CHROMIUM, packages.FONT, packages.GDAL)
    found = [
        Finding(need.title, need not in missing, apt.to_type([need]), need.required)
        for need in wanted
        if need not in for_tests
    ]
    lacking = [need for need in missing if need in for_tests]
    title = "Chromium, a Korean font and GDAL for the tests"
    return [*found, Finding(title, not lacking, apt.to_type(lacking), required=False)]


def _clone(paths: Paths) -> list[Finding]:
    found = [
        Finding("virtual environment .venv", venv.is_ready(paths, Kind.RUN), "make demo"),
        Finding(
            "page assets",
            not assets.are_missing(paths),
            f"make demo, or: {assets.TO_TYPE}",
            required=False,
        ),
        Finding("secret key", paths.secret_key.exists(), "make demo"),
        Finding(
            f"port {serve.FIRST_PORT} is free",
            serve.is_free(serve.FIRST_PORT),
            "PORT=9000 make demo, or let it take the next free one",
            required=False,
        ),
    ]
    if database.is_given():
        return found
    known = place.recall(paths)
    where = "" if known is None else f" in {known.home}"
    return [
        *found,
        Finding(f"private cluster{where}", known is not None, "make demo"),
        Finding("private cluster is running", cluster.is_running(paths), "make db", required=False),
    ]
