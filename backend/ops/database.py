"""Chooses the database of a command: the server of DATABASE_URL, else the private cluster."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from backend.ops import cluster, place
from backend.ops.command import environment
from backend.ops.paths import Paths
from backend.ops.progress import Progress


def is_given() -> bool:
    """Tell whether DATABASE_URL names a server, so that none is to be started."""
    return bool(os.environ.get("DATABASE_URL"))


@contextmanager
def available(paths: Paths, progress: Progress) -> Iterator[dict[str, str]]:
    """Yield the environment for children, with DATABASE_URL, while the database is there.

    :raises OpsError: when the private cluster does not start.
    """
    if is_given():
        progress.say("==> Database ... the server of DATABASE_URL")
        yield environment()
        return
    with cluster.held(paths, lambda: progress.step("Private PostgreSQL cluster")) as url:
        say_where(paths, progress)
        yield environment(DATABASE_URL=url)


def say_where(paths: Paths, progress: Progress) -> None:
    """Say where the cluster is when it is not in its usual place below var/."""
    found = place.recall(paths)
    if found is not None and not found.home.is_relative_to(paths.var):
        progress.say(f"    The server's user cannot enter this clone; its data is in {found.home}")
