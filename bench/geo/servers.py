"""Owns how each server is started: one process each, on the same database."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import URL

from backend.ops import serve
from backend.ops.command import environment
from backend.ops.paths import Paths
from bench.geo.database import our_settings, with_socket_as_host
from bench.geo.environments import MAPIT, TIPG, program, scratch
from bench.geo.processes import HOST, serving
from bench.geo.shapes_for_peers import mapit_environment

TILE_BUFFER = "64"
"""Units drawn beyond a tile's edge, as ours has them; tipg's own default is 256."""


@contextmanager
def ours(paths: Paths, url: URL) -> Iterator[int]:
    """Yield the port of our server as `make serve` runs it, with an empty folder of its own."""
    var = scratch(paths) / "dongne"
    shutil.rmtree(var, ignore_errors=True)
    var.mkdir(parents=True)
    with serving(
        "our server",
        lambda port: serve.web_command(paths, port, processes=1),
        cwd=paths.root,
        env=environment(**our_settings(url), DONGNE_VAR=str(var)),
        log=paths.logs / "bench-ours.log",
        probe="/readyz",
    ) as port:
        yield port


@contextmanager
def tipg(paths: Paths, url: URL) -> Iterator[int]:
    """Yield the port of tipg under uvicorn with uvloop and httptools, access log off."""
    env = environment(
        DATABASE_URL=with_socket_as_host(url),
        TIPG_DB_SCHEMAS='["tipg"]',
        TIPG_DB_FUNCTIONS="[]",
        TIPG_CATALOG_TTL="0",
        TILE_BUFFER=TILE_BUFFER,
    )
    quiet = ["--no-access-log", "--log-level", "warning"]
    with serving(
        TIPG.title,
        lambda port: [
            *(program(paths, TIPG, "uvicorn"), "tipg.main:app", "--workers", "1"),
            *("--host", HOST, "--port", str(port), *quiet),
        ],
        cwd=scratch(paths),
        env=env,
        log=paths.logs / "bench-tipg.log",
        probe="/healthz",
    ) as port:
        yield port


@contextmanager
def mapit(paths: Paths, url: URL) -> Iterator[int]:
    """Yield the port of MapIt under gunicorn, one worker with as many threads as ours."""
    with serving(
        MAPIT.title,
        lambda port: [
            *(program(paths, MAPIT, "gunicorn"), "--workers", "1", "--threads", "4"),
            *("--no-control-socket", "--bind", f"{HOST}:{port}"),
            "django.core.wsgi:get_wsgi_application()",
        ],
        cwd=paths.root,
        env=mapit_environment(paths, url),
        log=paths.logs / "bench-mapit.log",
        probe="/generations",
    ) as port:
        yield port
