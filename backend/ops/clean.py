"""Removes what the other commands made, the private database included; nothing from git."""

from __future__ import annotations

import shutil
from pathlib import Path

from backend.ops import cluster, place
from backend.ops.paths import Paths
from backend.ops.progress import Progress

_CACHES = (".mypy_cache", ".pytest_cache", ".ruff_cache", ".import_linter_cache", ".hypothesis")


def clean(paths: Paths, progress: Progress) -> int:
    """Stop the cluster and remove var/, fetched page assets and caches, naming each.

    The environment stays: it is checked against its lock file at each start anyway.

    :raises OpsError: when the cluster does not stop.
    """
    known = place.recall(paths)
    cluster.stop(paths)
    if known is not None:
        _remove(known.sockets, progress)
        _remove(known.home, progress)
    for below in sorted(paths.var.iterdir()) if paths.var.exists() else ():
        _remove(below, progress)
    for made in (paths.web / "node_modules", paths.web / "static" / "vendor"):
        _remove(made, progress)
    for name in _CACHES:
        _remove(paths.root / name, progress)
    return 0


def _remove(path: Path, progress: Progress) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    elif path.exists() or path.is_symlink():
        path.unlink()
    else:
        return
    progress.say(f"removed {path}")
