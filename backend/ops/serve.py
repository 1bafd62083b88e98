"""Runs the web server and the worker on loopback; makes neither database nor data."""

from __future__ import annotations

import http.client
import os
import socket
import time
from collections.abc import Mapping

from backend.ops.errors import OpsError
from backend.ops.paths import Paths
from backend.ops.progress import Progress
from backend.ops.supervisor import Supervisor

HOST = "127.0.0.1"
FIRST_PORT = 8000
_PORTS_TRIED = 50
_READY_WITHIN_S = 60.0


def run(paths: Paths, progress: Progress, env: Mapping[str, str]) -> int:
    """Serve until a stopping signal arrives; return 0 then.

    :raises OpsError: when a process ends by itself, or the server does not become ready.
    """
    port = choose_port(os.environ.get("PORT", ""))
    if port != FIRST_PORT and not os.environ.get("PORT"):
        progress.say(f"Port {FIRST_PORT} is in use, taking {port}.")
    bin_dir = paths.venv / "bin"
    web = [
        *(str(bin_dir / "granian"), "--interface", "wsgi", "--host", HOST, "--port", str(port)),
        *("--workers", "1", "--blocking-threads", "4", "--workers-kill-timeout", "10"),
        "wsgi:app",
    ]
    worker = [str(bin_dir / "flask"), "--app", "wsgi", "jobs", "work"]
    with Supervisor().running() as supervisor:
        with progress.step("Web server and worker"):
            for name, command in (("web", web), ("worker", worker)):
                log = paths.logs / f"{name}.log"
                supervisor.start(name, command, cwd=paths.root, env=env, log=log)
            _wait_until_ready(supervisor, port)
        if not supervisor.is_stopping:
            _announce(paths, progress, port)
        supervisor.wait()
        progress.say()
        progress.say("Stopping ...")
    progress.say("Stopped.")
    return 0


def choose_port(wanted: str) -> int:
    """Return the port to listen on: `wanted` if given, else the first free one from 8000.

    :raises OpsError: when `wanted` is no port or in use, or none is free.
    """
    if wanted:
        if not (wanted.isdigit() and 0 < int(wanted) < 65536):
            message = f"PORT={wanted} is no port number."
            raise OpsError(message, "PORT=9000 make demo")
        if not is_free(int(wanted)):
            message = f"Port {wanted} is in use."
            raise OpsError(message, "PORT=9000 make demo, or any other free port")
        return int(wanted)
    for port in range(FIRST_PORT, FIRST_PORT + _PORTS_TRIED):
        if is_free(port):
            return port
    message = f"No port from {FIRST_PORT} to {FIRST_PORT + _PORTS_TRIED - 1} is free."
    raise OpsError(message, "PORT=9000 make demo, or any other free port")


def is_free(port: int) -> bool:
    """Tell whether nobody listens on `port` of the loopback interface."""
    with socket.socket() as probe:
        # As servers do, so that a connection in TIME_WAIT does not make the port look taken.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def _wait_until_ready(supervisor: Supervisor, port: int) -> None:
    deadline = time.monotonic() + _READY_WITHIN_S
    answer = "no answer"
    while not supervisor.is_stopping:
        supervisor.check()
        answer = _ask(port) or answer
        if answer.startswith("200 "):
            return
        if time.monotonic() > deadline:
            message = f"The server did not become ready in {_READY_WITHIN_S:.0f} s: {answer}"
            raise OpsError(message, "less var/log/web.log")
        supervisor.pause()


def _ask(port: int) -> str:
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        response = connection.getresponse()
        return f"{response.status} {response.read(2000).decode('utf-8', 'replace')}"
    except (OSError, http.client.HTTPException):
        return ""
    finally:
        connection.close()


def _announce(paths: Paths, progress: Progress, port: int) -> None:
    base = f"http://{HOST}:{port}"
    progress.say()
    progress.say(f"  Public map         {base}/")
    progress.say(f"  API documentation  {base}/api/docs")
    progress.say(f"  Health             {base}/healthz")
    progress.say(f"  Logs               {paths.logs}")
    progress.say()
    progress.say("Ctrl-C stops everything.")
