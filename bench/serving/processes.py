"""Owns starting a server on a free loopback port, waiting for it, and ending it in any case."""

import http.client
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from backend.ops.command import end_group, tail, tethered
from backend.ops.errors import OpsError
from backend.ops.signals import deferred

HOST = "127.0.0.1"
_READY_WITHIN_S = 60.0
_GRACE_S = 10.0


def free_port() -> int:
    """Return a port of the loopback interface on which nobody listens."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def serving(
    name: str,
    command_for: Callable[[int], list[str]],
    *,
    cwd: Path,
    env: Mapping[str, str],
    log: Path,
    probe: str,
) -> Iterator[int]:
    """Yield the port of a running server, and end the server afterwards.

    :param command_for: makes the command for a port.
    :param probe: a path that answers 200 once the server is ready.
    :raises OpsError: when it cannot be run, ends by itself or does not become ready.
    """
    port = free_port()
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        try:
            # A session of its own: Ctrl-C ends it here, after the measurement, and not by itself.
            child = subprocess.Popen(
                tethered(command_for(port)),
                cwd=cwd,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        except OSError as error:
            message = f"{name} cannot be started: {error.strerror}"
            raise OpsError(message, f"less {log}") from error
    try:
        _wait(name, child, port, probe, log)
        yield port
    finally:
        with deferred():
            end_group(child, grace_s=_GRACE_S)


def _wait(name: str, child: subprocess.Popen[bytes], port: int, probe: str, log: Path) -> None:
    deadline = time.monotonic() + _READY_WITHIN_S
    while time.monotonic() < deadline:
        if child.poll() is not None:
            said = "\n".join(tail(log))
            message = f"{name} ended by itself (code {child.returncode}):\n{said}"
            raise OpsError(message, f"less {log}")
        if _status(port, probe) == http.client.OK:
            return
        time.sleep(0.1)
    message = f"{name} was not ready within {_READY_WITHIN_S:.0f} s."
    raise OpsError(message, f"less {log}")


def _status(port: int, path: str) -> int:
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()
