"""Nothing keeps running: not after a signal, not after a child's death, not after our own."""

# ruff: noqa: S603, S607
from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from backend.ops import serve
from backend.ops.errors import OpsError

REPOSITORY = Path(__file__).resolve().parents[3]
CHILD = "import os, sys, time; open(sys.argv[1], 'w').write(str(os.getpid())); time.sleep(60)"
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + CHILD
FORKING = (
    "import subprocess, sys; "
    f"subprocess.Popen([sys.executable, '-c', {CHILD!r}, sys.argv[1]], start_new_session=True); "
)
PARENT = """
import os, sys
from pathlib import Path
from backend.ops import orphans
from backend.ops.errors import OpsError
from backend.ops.supervisor import Supervisor
folder = Path(sys.argv[1])
with orphans.ended(), Supervisor(grace_s=1).running() as supervisor:
    for number, script in enumerate(sys.argv[2:]):
        command = [sys.executable, "-c", script, str(folder / f"pid{number}")]
        supervisor.start(
            f"child {number}", command, cwd=folder, env=os.environ, log=folder / f"{number}.log"
        )
    try:
        supervisor.wait()
    except OpsError as error:
        print(error.message)
        raise SystemExit(1) from None
"""


def supervise(
    folder: Path, *scripts: str, stdin: int = subprocess.DEVNULL
) -> subprocess.Popen[str]:
    return subprocess.Popen(
        # The tests may run under nohup, whose ignored signals children inherit.
        ["env", "--default-signal", sys.executable, "-c", PARENT, str(folder), *scripts],
        cwd=REPOSITORY,
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def pid_in(file: Path) -> int:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if file.exists() and file.read_text(encoding="ascii"):
            return int(file.read_text(encoding="ascii"))
        time.sleep(0.02)
    pytest.fail(f"no child wrote {file}")


def ends(pid: int) -> bool:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
        except FileNotFoundError:
            return True
        if stat.rpartition(")")[2].split()[0] == "Z":
            return True
        time.sleep(0.02)
    return False


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_stopping_signal_ends_all_children_and_is_no_failure(
    tmp_path: Path, number: signal.Signals
) -> None:
    parent = supervise(tmp_path, CHILD, CHILD)
    children = [pid_in(tmp_path / "pid0"), pid_in(tmp_path / "pid1")]
    parent.send_signal(number)
    output, _ = parent.communicate(timeout=20)
    assert (parent.returncode, output) == (0, "")
    assert all(ends(pid) for pid in children)


def test_a_child_that_ignores_the_request_is_killed(tmp_path: Path) -> None:
    parent = supervise(tmp_path, STUBBORN)
    child = pid_in(tmp_path / "pid0")
    parent.terminate()
    parent.communicate(timeout=20)
    assert ends(child)


def test_when_one_child_dies_the_others_go_and_its_log_is_shown(tmp_path: Path) -> None:
    parent = supervise(tmp_path, CHILD, "import sys; sys.exit('out of luck')")
    output, _ = parent.communicate(timeout=20)
    assert parent.returncode == 1
    assert "out of luck" in output
    assert ends(pid_in(tmp_path / "pid0"))


def test_a_grandchild_that_hid_in_its_own_session_is_ended_too(tmp_path: Path) -> None:
    parent = supervise(tmp_path, FORKING + "import time; time.sleep(60)")
    grandchild = pid_in(tmp_path / "pid0")
    parent.terminate()
    parent.communicate(timeout=20)
    assert ends(grandchild)


def test_children_end_even_when_the_supervisor_is_killed_by_force(tmp_path: Path) -> None:
    parent = supervise(tmp_path, CHILD)
    child = pid_in(tmp_path / "pid0")
    parent.kill()
    parent.communicate(timeout=20)
    assert ends(child)


def test_a_closed_terminal_ends_the_children(tmp_path: Path) -> None:
    ours, theirs = os.openpty()
    parent = supervise(tmp_path, CHILD, stdin=theirs)
    os.close(theirs)
    child = pid_in(tmp_path / "pid0")
    os.close(ours)
    assert ends(child)
    parent.communicate(timeout=20)


def test_the_terminals_interrupt_does_not_reach_the_children(tmp_path: Path) -> None:
    parent = supervise(tmp_path, CHILD)
    child = pid_in(tmp_path / "pid0")
    assert os.getsid(child) != os.getsid(parent.pid)
    parent.terminate()
    parent.communicate(timeout=20)


def test_a_port_in_use_is_passed_over() -> None:
    with socket.socket() as taken:
        taken.bind((serve.HOST, 0))
        taken.listen()
        assert not serve.is_free(taken.getsockname()[1])


def test_a_wanted_port_in_use_is_refused() -> None:
    with socket.socket() as taken:
        taken.bind((serve.HOST, 0))
        taken.listen()
        with pytest.raises(OpsError, match="in use"):
            serve.choose_port(str(taken.getsockname()[1]))


@pytest.mark.parametrize("wanted", ["0", "65536", "http", "-1"])
def test_a_wanted_port_that_is_none_is_refused(wanted: str) -> None:
    with pytest.raises(OpsError, match="no port number"):
        serve.choose_port(wanted)
