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
PROCESSES = 3
"""Of the web server: two compute while one waits for the database, on the two cores of a small
machine. A request that takes long keeps those on the same process waiting, not the others."""
_THREADS = 1
"""In each process: a second one takes the lock of the interpreter away at every call of Shapely and
every write, which costs a third of the requests a second."""
_PORTS_TRIED = 50
_ANSWERS_WITHIN_S = 60.0
_READY_AFTER_ANSWER_S = 5.0


def run(paths: Paths, progress: Progress, env: Mapping[str, str], *, if_unready: str) -> int:
    """Serve until a stopping signal arrives; return 0 then.

    :param if_unready: what to type when the server answers that it is not ready.
    :raises OpsError: when a process ends by itself, or the server does not become ready.
    """
    port = choose_port(os.environ.get("PORT", ""))
    if port != FIRST_PORT and not os.environ.get("PORT"):
        progress.say(f"Port {FIRST_PORT} is in use, taking {port}.")
    web = web_command(paths, port)
    worker = [str(paths.venv / "bin" / "flask"), "--app", "wsgi", "jobs", "work"]
    with Supervisor().running() as supervisor:
        with progress.step("Web server and worker"):
            for name, command in (("web", web), ("worker", worker)):
                log = paths.logs / f"{name}.log"
                supervisor.start(name, command, cwd=paths.root, env=env, log=log)
            _wait_until_ready(supervisor, port, if_unready)
        if not supervisor.is_stopping:
            _announce(paths, progress, port)
        supervisor.wait()
        progress.say()
        progress.say("Stopping ...")
    progress.say("Stopped.")
    return 0


def web_command(paths: Paths, port: int, *, processes: int = PROCESSES) -> list[str]:
    """Return the command of the web server on `port`.

    :param processes: the benchmark runs the same with one, as its peers do.
    """
    return [
        *(str(paths.venv / "bin" / "granian"), "--interface", "wsgi"),
        *("--host", HOST, "--port", str(port), "--no-ws"),
        *("--workers", str(processes), "--blocking-threads", str(_THREADS)),
        *("--workers-kill-timeout", "10", "wsgi:app"),
    ]


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


def _wait_until_ready(supervisor: Supervisor, port: int, if_unready: str) -> None:
    began = time.monotonic()
    answered_s: float | None = None
    while not supervisor.is_stopping:
        supervisor.check()
        status, body = _ask(port)
        if status == http.client.OK:
            return
        waited_s = time.monotonic() - began
        if status and answered_s is None:
            answered_s = waited_s
        if answered_s is not None and waited_s - answered_s > _READY_AFTER_ANSWER_S:
            message = f"The server is not ready (status {status}): {body}"
            raise OpsError(message, if_unready)
        if waited_s > _ANSWERS_WITHIN_S:
            message = f"The server did not answer within {_ANSWERS_WITHIN_S:.0f} s."
            raise OpsError(message, "less var/log/web.log")
        supervisor.pause()


def _ask(port: int) -> tuple[int, str]:
    """Return status and body of the readiness check; status 0 when nobody answers."""
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        response = connection.getresponse()
        return response.status, response.read(2000).decode("utf-8", "replace")
    except (OSError, http.client.HTTPException):
        return 0, ""
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
