"""Installs Debian packages as root or through sudo; knows not what they are for."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from backend.ops.command import run_logged
from backend.ops.errors import OpsError
from backend.ops.packages import SERVER, Need
from backend.ops.progress import Progress, Step

CREATECLUSTER_CONF = Path("/etc/postgresql-common/createcluster.conf")
_INSTALL = ("apt-get", "install", "--yes", "--no-install-recommends")
_QUIETLY = (
    "-o",
    "DPkg::Lock::Timeout=300",
    "-o",
    "Dpkg::Use-Pty=0",
    "-o",
    "Dpkg::Options::=--force-confdef",
    "-o",
    "Dpkg::Options::=--force-confold",
)
_NO_QUESTIONS = ("env", "DEBIAN_FRONTEND=noninteractive", "UCF_FORCE_CONFFOLD=1")


def plan(needs: Iterable[Need]) -> list[list[str]]:
    """Return the commands that install `needs`, in order, without sudo.

    Debian's own cluster must be switched off before the server's package arrives, and the file
    that does so comes with postgresql-common, which makes no cluster by itself.
    """
    needs = tuple(needs)
    names = [name for need in needs for name in need.installs]
    commands = [[*_INSTALL, *names]] if names else []
    if SERVER in needs:
        first = [*_INSTALL, "postgresql-common"]
        commands = [first, ["sh", "-c", no_main_cluster(CREATECLUSTER_CONF)], *commands]
    return commands


def no_main_cluster(conf: Path) -> str:
    """Return the shell command that adds the setting to `conf` unless somebody has decided."""
    file = shlex.quote(str(conf))
    decided = f"grep -qs ^create_main_cluster {file}"
    return f"{decided} || {{ echo; echo create_main_cluster = false; }} >>{file}"


def to_type(needs: Iterable[Need]) -> str:
    """Return the lines that a person can type to install `needs`; none when there are none."""
    sudo = [] if os.geteuid() == 0 else ["sudo"]
    commands = plan(needs)
    update = [["apt-get", "update"]] if commands else []
    return "\n".join(shlex.join([*sudo, *command]) for command in (*update, *commands))


def install(progress: Progress, needs: Sequence[Need], log: Path) -> None:
    """Install what provides `needs`.

    :raises OpsError: when there is no way to become root, or apt-get fails.
    """
    titles = ", ".join(need.title for need in needs)
    if shutil.which("apt-get") is None:
        message = f"Missing: {titles}. This is no Debian: install them your way."
        raise OpsError(message, "make doctor")
    sudo = _become_root(progress, needs, titles)
    log.unlink(missing_ok=True)
    with progress.step(f"Installing {titles}") as step:
        for command in plan(needs):
            if command[0] == "apt-get":
                _apt_get(step, sudo, command, log, to_type(needs))
            else:
                _as_root(step, [*sudo, *command], log, to_type(needs))


def _apt_get(step: Step, sudo: list[str], command: list[str], log: Path, hint: str) -> None:
    """Run `command`; when it fails, renew the package lists, which may be absent or old."""
    full = [*sudo, *_NO_QUESTIONS, *command, *_QUIETLY]
    try:
        _as_root(step, full, log, hint)
    except OpsError:
        _as_root(step, [*sudo, "apt-get", "update", "-o", "DPkg::Lock::Timeout=300"], log, hint)
        _as_root(step, full, log, hint)


def _as_root(step: Step, command: list[str], log: Path, hint: str) -> None:
    run_logged(step, command, log=log, cwd=Path("/"), hint=hint, uninterruptible=True)


def _become_root(progress: Progress, needs: Sequence[Need], titles: str) -> list[str]:
    """Return the prefix that makes a command run as root; asks for the password here, once."""
    if os.geteuid() == 0:
        return []
    message = f"Missing: {titles}. Installing them needs root."
    if shutil.which("sudo") is None:
        lines = to_type(needs).replace("sudo ", "")
        raise OpsError(message, f"As root (su -):\n{lines}")
    if subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode != 0:
        if not sys.stdin.isatty():
            raise OpsError(message, to_type(needs))
        progress.say(f"{message} sudo asks for your password.")
        if subprocess.run(["sudo", "-v"], check=False).returncode != 0:
            raise OpsError(message, to_type(needs))
    return ["sudo", "-n"]
