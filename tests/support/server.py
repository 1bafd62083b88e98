"""Owns the application served as in operation on a port of loopback, for strangers' programs."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.support import databases

STARTED_S = 30


@contextmanager
def running_server(database_url: str) -> Iterator[str]:
    """Serve a database, and yield the server's address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        *(str(Path(sys.executable).with_name("granian")), "--interface", "wsgi"),
        *("--host", "127.0.0.1", "--port", str(port), "--blocking-threads", "4", "--no-log"),
        "wsgi:app",
    ]
    environment = {
        **os.environ,
        "DATABASE_URL": database_url,
        "DONGNE_SECRET_KEY": databases.TEST_SETTINGS["SECRET_KEY"],
        "DONGNE_RATE_LIMITS": "off",
    }
    server = subprocess.Popen(  # noqa: S603 (our own server)
        command, cwd=databases.ROOT, env=environment, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    base = f"http://127.0.0.1:{port}"
    try:
        _wait_for(base, server)
        yield base
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait_for(base: str, server: "subprocess.Popen[bytes]") -> None:
    """Wait until the server answers."""
    until = time.monotonic() + STARTED_S
    while True:
        try:
            with urlopen(f"{base}/healthz", timeout=5):  # noqa: S310 (loopback)
                return
        except OSError:
            if server.poll() is not None or time.monotonic() > until:
                pytest.fail(f"the server did not start (exit code {server.poll()})")
            time.sleep(0.1)
