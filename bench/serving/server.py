"""Owns how our own server is started to be measured, and where a benchmark keeps its files."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL

from backend.ops import serve
from backend.ops.command import environment
from backend.ops.paths import Paths
from bench.serving.database import our_settings
from bench.serving.processes import serving


def scratch(paths: Paths) -> Path:
    """Return the folder of everything that the benchmarks make."""
    return paths.var / "bench"


@contextmanager
def ours(paths: Paths, url: URL) -> Iterator[int]:
    """Yield the port of our server as `make serve` runs it, with an empty folder of its own."""
    var = scratch(paths) / "dongne" / str(url.database)
    shutil.rmtree(var, ignore_errors=True)
    var.mkdir(parents=True)
    with serving(
        "our server",
        lambda port: serve.web_command(paths, port, processes=1),
        cwd=paths.root,
        env=environment(**our_settings(url), DONGNE_VAR=str(var)),
        log=paths.logs / f"bench-{url.database}.log",
        probe="/readyz",
    ) as port:
        yield port
