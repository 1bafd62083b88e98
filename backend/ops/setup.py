"""Brings a clone from whatever state it is in to one that can run; skips what is done."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from backend.ops import apt, assets, database, interpreter, packages, secret_key, venv
from backend.ops.errors import OpsError
from backend.ops.paths import Paths
from backend.ops.progress import Progress
from backend.ops.venv import Kind


def everything(
    paths: Paths, progress: Progress, *, tests: bool = False, heavy: bool = False
) -> None:
    """Prepare packages, environment, page assets and secret key.

    :param tests: prepare what the tests need as well.
    :param heavy: and what only the heavy ones need.
    :raises OpsError: when something that is required cannot be had.
    """
    kind = Kind.DEVELOP if tests else Kind.RUN
    with _alone(paths, progress):
        wanted = situation(paths, kind, tests=tests, heavy=heavy)
        _debian_packages(paths, progress, wanted)
        venv.ensure(paths, progress, kind)
        assets.ensure(paths, progress)
        secret_key.ensure(paths.secret_key)


def tools(paths: Paths, progress: Progress) -> None:
    """Prepare only the environment for development, without database or pages.

    :raises OpsError: see `everything`.
    """
    with _alone(paths, progress):
        needs = () if has_venv(paths, Kind.DEVELOP) else packages.missing([packages.VENV])
        if needs:
            apt.install(progress, needs, paths.logs / "apt.log")
        venv.ensure(paths, progress, Kind.DEVELOP)


def server(paths: Paths, progress: Progress) -> None:
    """Prepare only what the private cluster needs.

    :raises OpsError: see `everything`.
    """
    with _alone(paths, progress):
        needs = packages.missing([packages.SERVER])
        if needs:
            apt.install(progress, needs, paths.logs / "apt.log")


def situation(paths: Paths, kind: Kind, *, tests: bool, heavy: bool = False) -> packages.Situation:
    """Return what this clone wants of Debian's packages as things stand."""
    return packages.Situation(
        own_server=not database.is_given(),
        has_venv=has_venv(paths, kind),
        has_node=not assets.are_missing(paths) or packages.has_usable_node(),
        tests=tests,
        heavy=heavy,
    )


def has_venv(paths: Paths, kind: Kind) -> bool:
    """Tell whether the environment stands, or a Python that can make it."""
    if venv.is_ready(paths, kind):
        return True
    python = interpreter.find()
    return python is not None and python.complete


def _debian_packages(paths: Paths, progress: Progress, wanted: packages.Situation) -> None:
    missing = packages.missing(wanted.needs())
    required = tuple(need for need in missing if need.required)
    if required:
        apt.install(progress, required, paths.logs / "apt.log")
    # A transaction of its own: Debian's npm does not go with somebody else's nodejs, and whoever
    # only needs the API must not be stopped by that.
    for need in missing:
        if need.required:
            continue
        try:
            apt.install(progress, (need,), paths.logs / "apt-optional.log")
        except OpsError as error:
            progress.warn(f"Going on without {need.title}: {error.message}")
            progress.warn(f"To try again: {error.hint}")


@contextmanager
def _alone(paths: Paths, progress: Progress) -> Iterator[None]:
    """Let one command at a time change this clone."""
    paths.var.mkdir(exist_ok=True)
    if not os.access(paths.var, os.W_OK):
        message = f"{paths.var} belongs to another user, probably from a run with sudo."
        raise OpsError(message, f'sudo chown -R "$(id -un):" {paths.root}')
    with (paths.var / "setup.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            progress.say("Another command is setting up this clone; waiting for it ...")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
