"""Runs PostgreSQL's own programs on one place; decides neither when nor where.

The role `dongne` is a superuser: the tests make databases with PostGIS in them, and the cluster is
private to one person, has no network and lets nobody else reach its socket.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import time
from pathlib import Path

from backend.ops.errors import OpsError
from backend.ops.place import Place

BINDIR = Path("/usr/lib/postgresql/15/bin")
DATABASE = "dongne"
SUPERUSER = "postgres"
SETTINGS = {
    "listen_addresses": "",
    "port": "5432",
    "unix_socket_permissions": "0700",
    "shared_buffers": "256MB",
    "max_connections": "100",
    "jit": "off",
    "max_parallel_workers_per_gather": "0",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
INITDB_OPTIONS = [
    "--auth-local=trust",
    "--auth-host=reject",
    "--encoding=UTF8",
    "--locale=C.UTF-8",
]
_LOG_LIMIT_BYTES = 5_000_000
_START_ATTEMPTS = 5
_BOOTSTRAP = """
SELECT 'CREATE ROLE dongne LOGIN SUPERUSER'
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'dongne') \\gexec
SELECT 'CREATE DATABASE dongne OWNER dongne'
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'dongne') \\gexec
\\connect dongne
CREATE EXTENSION IF NOT EXISTS postgis;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
"""


def installed() -> bool:
    """Tell whether the server and its PostGIS are on this machine."""
    control = Path("/usr/share/postgresql/15/extension/postgis.control")
    return (BINDIR / "postgres").exists() and control.exists()


def make_data(place: Place) -> None:
    """Make the data directory unless it is there, and clear away a half-made one.

    :raises OpsError: when initdb fails.
    """
    if place.data.exists():
        return
    draft = place.home / "data.partial"
    shutil.rmtree(draft, ignore_errors=True)
    _run(
        place,
        "initdb",
        f"--pgdata={draft}",
        f"--username={SUPERUSER}",
        *INITDB_OPTIONS,
    )
    draft.rename(place.data)


def start_server(place: Place) -> None:
    """Start the server on `place` and wait until it answers.

    :raises OpsError: when it does not come up.
    """
    _drop_stale_locks(place)
    if place.log.exists() and place.log.stat().st_size > _LOG_LIMIT_BYTES:
        place.log.replace(place.log.with_suffix(".log.1"))
    settings = {"unix_socket_directories": str(place.sockets), **SETTINGS}
    options = " ".join(f"-c {shlex.quote(f'{name}={value}')}" for name, value in settings.items())
    for attempt in range(1, _START_ATTEMPTS + 1):
        try:
            _control(place, "start", "-w", "-t", "120", "-l", str(place.log), "-o", options)
        except OpsError:
            # After kill -9 of the postmaster its children may hold the shared memory for a moment.
            if attempt == _START_ATTEMPTS:
                raise
            time.sleep(1)
        else:
            return


def stop_server(place: Place) -> None:
    """Stop the server on `place`, ending its connections.

    :raises OpsError: when it survives even an immediate shutdown.
    """
    _drop_stale_locks(place)
    if postmaster_pid(place) is None:
        return
    try:
        _control(place, "stop", "-w", "-m", "fast", "-t", "30")
    except OpsError:
        _control(place, "stop", "-w", "-m", "immediate", "-t", "30")


def make_database(place: Place) -> None:
    """Make the role, the database and its extensions, as far as they are missing.

    :raises OpsError: when a statement fails.
    """
    _run(
        place,
        "psql",
        "--no-psqlrc",
        "--quiet",
        f"--host={place.sockets}",
        "--port=5432",
        f"--username={SUPERUSER}",
        "--dbname=postgres",
        "--set=ON_ERROR_STOP=1",
        stdin=_BOOTSTRAP,
    )


def postmaster_pid(place: Place) -> int | None:
    """Return the process id of the living server of `place`, or None."""
    try:
        lines = (place.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        pid = int(lines[0])
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except (OSError, ValueError, IndexError):
        return None
    words = command.split(b"\0")
    is_ours = words[0].endswith(b"/postgres") and os.fsencode(place.data) in words
    return pid if is_ours else None


def _drop_stale_locks(place: Place) -> None:
    """Remove pid file and socket lock when no living server of this data directory made them.

    PostgreSQL takes any living process of the same user with that number for itself, which happens
    after a reboot, in a container, and in a copied clone.
    """
    if postmaster_pid(place) is None:
        (place.data / "postmaster.pid").unlink(missing_ok=True)
        for name in (".s.PGSQL.5432", ".s.PGSQL.5432.lock"):
            (place.sockets / name).unlink(missing_ok=True)


def _control(place: Place, action: str, *options: str) -> None:
    _run(place, "pg_ctl", action, "--pgdata", str(place.data), "--silent", *options)


def _run(place: Place, program: str, *arguments: str, stdin: str | None = None) -> None:
    if not installed():
        raise OpsError("PostgreSQL 15 with PostGIS 3 is not installed.", "make doctor")
    as_root = os.geteuid() == 0
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PG", "LC_", "LANG"))
    }
    output = place.home / "command.log"
    with output.open("w+", encoding="utf-8", errors="replace") as log:
        # A file rather than a pipe: the server inherits it and would keep a pipe open for ever.
        # An own session: Ctrl-C in the terminal must not reach the server or cut initdb short.
        finished = subprocess.run(
            [str(BINDIR / program), *arguments],
            input=stdin,
            stdin=subprocess.DEVNULL if stdin is None else None,
            stdout=log,
            stderr=subprocess.STDOUT,
            text=True,
            cwd="/",
            env={**environment, "LC_ALL": "C.UTF-8"},
            start_new_session=True,
            user=place.owner.uid if as_root else None,
            group=place.owner.gid if as_root else None,
            extra_groups=[] if as_root else None,
            check=False,
        )
        log.seek(0)
        said = log.read().strip()
    if finished.returncode != 0:
        if program == "pg_ctl" and place.log.exists():
            said += "\n" + place.log.read_text(encoding="utf-8", errors="replace")[-1500:]
        message = f"{program} failed:\n{said}"
        raise OpsError(message, f"less {place.log}")
