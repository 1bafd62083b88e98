"""Owns how each peer is started: one process each, on the same database."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import URL

from backend.ops.command import environment
from backend.ops.paths import Paths
from bench.geo.environments import MAPIT, TIPG, program
from bench.geo.shapes_for_peers import mapit_environment
from bench.serving.database import with_socket_as_host
from bench.serving.processes import HOST, serving
from bench.serving.server import scratch

TILE_BUFFER = "64"
"""Units drawn beyond a tile's edge, as ours has them; tipg's own default is 256."""


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
