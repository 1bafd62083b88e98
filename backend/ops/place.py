"""Where the private cluster of a clone lives and who runs it; starts nothing.

The usual home is `var/pg`. Root cannot run PostgreSQL, so Debian's `postgres` user does, and a
clone that this user cannot enter (below a home of mode 0700) keeps its cluster in
`/var/lib/dongne`. The finished place is noted in `var/cluster.json`, all that `find_url` reads.
"""

from __future__ import annotations

import json
import os
import pwd
import re
import stat
import subprocess
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from backend.ops.errors import OpsError
from backend.ops.paths import Paths

SYSTEM_HOME = Path("/var/lib/dongne")
SOCKET_NAME = ".s.PGSQL.5432"
SOCKET_PATH_LIMIT_BYTES = 107
_PLAIN_PATH = re.compile(r"/[A-Za-z0-9/._-]*\Z")


@dataclass(frozen=True)
class Owner:
    """The operating-system account that the server runs as."""

    uid: int
    gid: int


@dataclass(frozen=True)
class Place:
    """Home directory, socket directory and owner of one private cluster."""

    home: Path
    sockets: Path
    owner: Owner

    @property
    def data(self) -> Path:
        """PostgreSQL's data directory."""
        return self.home / "data"

    @property
    def log(self) -> Path:
        """What the server writes."""
        return self.home / "server.log"

    @property
    def socket(self) -> Path:
        """The socket that clients connect to."""
        return self.sockets / SOCKET_NAME


def recall(paths: Paths) -> Place | None:
    """Return the finished cluster of this clone, or None when there is none yet.

    A note that came along with a moved or copied clone does not count: it names another path.
    """
    note = _read_note(paths)
    if note is None or note["clone"] != str(paths.root):
        return None
    home = paths.var / note["home"]
    return Place(home, Path(note["sockets"]), _owner_of(home))


def choose(paths: Paths) -> Place:
    """Return the place for this clone's cluster, with its directories made.

    :raises OpsError: when the cluster belongs to another user, or no directory is usable.
    """
    home = _choose_home(paths)
    owner = _owner_of(home)
    return Place(home, _choose_sockets(paths, home, owner), owner)


def remember(paths: Paths, place: Place) -> None:
    """Note that the cluster at `place` is complete."""
    inside = place.home.is_relative_to(paths.var)
    note = {
        "clone": str(paths.root),
        "home": str(place.home.relative_to(paths.var) if inside else place.home),
        "sockets": str(place.sockets),
    }
    draft = paths.cluster_note.with_suffix(".new")
    draft.write_text(json.dumps(note, indent=1) + "\n", encoding="utf-8")
    draft.replace(paths.cluster_note)


def forget(paths: Paths) -> None:
    """Remove the note."""
    paths.cluster_note.unlink(missing_ok=True)


def _read_note(paths: Paths) -> dict[str, str] | None:
    try:
        note = json.loads(paths.cluster_note.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    keys = ("clone", "home", "sockets")
    if not isinstance(note, dict) or not all(isinstance(note.get(key), str) for key in keys):
        return None
    return {key: note[key] for key in keys}


def _owner_of(home: Path) -> Owner:
    """Return who runs the cluster in `home`: whoever has it, else this user, never root."""
    if home.exists() and home.stat().st_uid != 0:
        return Owner(home.stat().st_uid, home.stat().st_gid)
    if os.geteuid() != 0:
        return Owner(os.geteuid(), os.getegid())
    try:
        account = pwd.getpwnam("postgres")
    except KeyError:
        raise OpsError(
            "PostgreSQL does not run as root, and there is no user 'postgres' to run it.",
            "apt-get install --reinstall postgresql-common",
        ) from None
    return Owner(account.pw_uid, account.pw_gid)


def _choose_home(paths: Paths) -> Path:
    note = _read_note(paths)
    if note is not None and Path(note["home"]).is_absolute():
        clone_was_moved = not Path(note["clone"]).exists()
        if note["clone"] == str(paths.root) or clone_was_moved:
            return Path(note["home"])
    outside = SYSTEM_HOME if os.geteuid() == 0 else Path.home() / ".local" / "share" / "dongne"
    for home in (paths.var / "pg", outside / paths.digest):
        owner = _owner_of(home)
        if os.geteuid() not in (0, owner.uid):
            message = f"The private cluster in {home} belongs to another user."
            raise OpsError(message, "Run the same command as that user, or as root.")
        if _make_private(home, owner):
            return home
        with suppress(OSError):
            home.rmdir()
    message = f"Neither {paths.var} nor {outside} can hold a PostgreSQL data directory."
    raise OpsError(message)


def _make_private(directory: Path, owner: Owner) -> bool:
    """Make `directory` with mode 0700 for `owner`; False when the owner cannot use it."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
        if os.geteuid() == 0:
            os.chown(directory, owner.uid, owner.gid)
        directory.chmod(0o700)
        found = directory.stat()
    except OSError:
        return False
    if found.st_uid != owner.uid or stat.S_IMODE(found.st_mode) != 0o700:
        return False
    if os.geteuid() != 0:
        return True
    probe = subprocess.run(
        ["/usr/bin/test", "-w", str(directory)],
        user=owner.uid,
        group=owner.gid,
        extra_groups=[],
        cwd="/",
        check=False,
    )
    return probe.returncode == 0


def _choose_sockets(paths: Paths, home: Path, owner: Owner) -> Path:
    """Return a private directory whose socket path fits the kernel's limit and a URL.

    libpq splits a host at commas and the kernel takes 107 bytes, so long or unusual paths get a
    short directory elsewhere; a squatted name there is left alone and a fresh one is made.
    """
    usual = home / "run"
    if socket_path_fits(usual) and _make_private(usual, owner):
        return usual
    short = Path("/run") if os.geteuid() == 0 else Path(tempfile.gettempdir())
    candidate = short / f"dongne-{paths.digest}"
    if not candidate.is_symlink() and _make_private(candidate, owner):
        return candidate
    fresh = Path(tempfile.mkdtemp(prefix="dongne-", dir=short))
    if not _make_private(fresh, owner):
        message = f"No directory for the database socket can be made in {short}."
        raise OpsError(message)
    return fresh


def socket_path_fits(directory: Path) -> bool:
    """Tell whether a socket in `directory` can be bound and be named in a database URL."""
    socket = str(directory / SOCKET_NAME)
    return len(os.fsencode(socket)) <= SOCKET_PATH_LIMIT_BYTES and bool(_PLAIN_PATH.match(socket))
