"""The private PostgreSQL cluster of this clone: start, stop, share, find; no schema, no data.

Several commands may use the cluster at once. Each holds a shared lock, and the last one to leave
stops the server, unless `make db` asked for it to stay.
"""

from __future__ import annotations

import fcntl
import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from pathlib import Path

from backend.ops import place as places
from backend.ops import postgres, signals
from backend.ops.paths import Paths, here
from backend.ops.place import Place

_ANSWER_TIMEOUT_S = 5.0
# Any server answers this with one byte before it asks who we are (PostgreSQL 15, 55.2.10). A mere
# connection proves less: the socket of a dying server still takes some.
_SSL_REQUEST = struct.pack("!ii", 8, 80877103)


def url(place: Place) -> str:
    """Return the SQLAlchemy address of the database `dongne` on `place`."""
    name = postgres.DATABASE
    return f"postgresql+psycopg://{name}@/{name}?host={place.sockets}"


def find_url(paths: Paths | None = None) -> str | None:
    """Return the address of this clone's database, running or not; None before it was made."""
    place = places.recall(paths or here())
    return None if place is None else url(place)


def is_running(paths: Paths | None = None) -> bool:
    """Tell whether somebody answers on the socket of this clone's cluster."""
    place = places.recall(paths or here())
    return place is not None and _answers(place)


def start(paths: Paths) -> bool:
    """Make the cluster if need be and start it; False when it was running already.

    :raises OpsError: when PostgreSQL is missing, belongs to another user or does not come up.
    """
    paths.var.mkdir(exist_ok=True)
    with _locked(paths.var / "cluster.lock"), signals.deferred():
        known = places.recall(paths)
        if known is not None and _answers(known):
            return False
        place = places.choose(paths)
        postgres.stop_server(place)
        postgres.make_data(place)
        postgres.start_server(place)
        if known != place:
            _finish(paths, place)
        return True


def stop(paths: Paths) -> bool:
    """Stop the cluster; False when it was not running.

    :raises OpsError: when it does not stop.
    """
    place = places.recall(paths)
    if place is None:
        return False
    with _locked(paths.var / "cluster.lock"), signals.deferred():
        _keep_marker(paths).unlink(missing_ok=True)
        was_running = postgres.postmaster_pid(place) is not None
        postgres.stop_server(place)
        return was_running


def keep(paths: Paths) -> bool:
    """Start the cluster and let it stay after the commands that use it; see `start`."""
    started = start(paths)
    _keep_marker(paths).touch()
    return started


@contextmanager
def held(
    paths: Paths, around_start: Callable[[], AbstractContextManager[object]] = nullcontext
) -> Iterator[str]:
    """Yield the address of the running cluster, and stop it afterwards if nobody else needs it.

    :param around_start: entered while the cluster starts, to show that.
    :raises OpsError: see `start`.
    """
    paths.var.mkdir(exist_ok=True)
    with (paths.var / "cluster.users").open("a") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        try:
            with around_start():
                started = start(paths)
            if started:
                # A marker from before a reboot or a crash no longer speaks for anybody.
                _keep_marker(paths).unlink(missing_ok=True)
            address = find_url(paths)
            if address is None:
                raise RuntimeError("a started cluster is always noted")
            yield address
        finally:
            with signals.deferred(), suppress(BlockingIOError):
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if not _keep_marker(paths).exists():
                    stop(paths)


def _finish(paths: Paths, place: Place) -> None:
    try:
        postgres.make_database(place)
        places.remember(paths, place)
    except BaseException:
        # Without a note nobody would find the running server again.
        postgres.stop_server(place)
        raise


def _keep_marker(paths: Paths) -> Path:
    return paths.var / "cluster.keep"


def _answers(place: Place) -> bool:
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(_ANSWER_TIMEOUT_S)
        try:
            client.connect(str(place.socket))
            client.sendall(_SSL_REQUEST)
            return bool(client.recv(1))
        except OSError:
            return False


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
