"""A private cluster comes up, has no network, survives accidents and goes away again."""

# ruff: noqa: S603
from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.ops import clean, cluster, place, postgres
from backend.ops.paths import Paths
from backend.ops.progress import Progress

pytestmark = [
    pytest.mark.skipif(not postgres.installed(), reason="needs PostgreSQL 15 with PostGIS"),
    pytest.mark.xdist_group("private-cluster"),
]


@pytest.fixture(scope="module", autouse=True)
def without_waiting_for_the_disk() -> Iterator[None]:
    """Nothing here outlives the machine, and a busy disk would make each test take seconds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(postgres.SETTINGS, "fsync", "off")
        patch.setattr(postgres, "INITDB_OPTIONS", [*postgres.INITDB_OPTIONS, "--no-sync"])
        yield


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that the server's user can enter; pytest's own are closed to others."""
    made = Path(tempfile.mkdtemp(prefix="dongne-test-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


@pytest.fixture(scope="module")
def running() -> Iterator[Paths]:
    """A clone whose cluster runs, for tests that only look at it."""
    root = Path(tempfile.mkdtemp(prefix="dongne-test-"))
    root.chmod(0o755)
    cluster.start(Paths(root))
    yield Paths(root)
    remove(Paths(root))
    shutil.rmtree(root)


@pytest.fixture
def clone(folder: Path) -> Iterator[Paths]:
    root = folder / "clone"
    root.mkdir()
    yield Paths(root)
    remove(Paths(root))


def remove(paths: Paths) -> None:
    cluster.stop(paths)
    known = place.recall(paths)
    if known is not None:
        shutil.rmtree(known.sockets, ignore_errors=True)
        shutil.rmtree(known.home, ignore_errors=True)


def place_of(paths: Paths) -> place.Place:
    known = place.recall(paths)
    assert known is not None
    return known


def ask(paths: Paths, question: str) -> str:
    found = place_of(paths)
    command = [str(postgres.BINDIR / "psql"), "-XAt", "-h", str(found.sockets), "-U", "dongne"]
    asked = subprocess.run(
        [*command, "-c", question, "dongne"], capture_output=True, text=True, check=True
    )
    return asked.stdout.strip()


def pid_of(paths: Paths) -> int:
    pid = postgres.postmaster_pid(place_of(paths))
    assert pid is not None
    return pid


def sockets_of(pid: int) -> list[str]:
    """Return the inode numbers of the sockets that a process has open."""
    targets = [str(handle.readlink()) for handle in Path(f"/proc/{pid}/fd").iterdir()]
    return [target[8:-1] for target in targets if target.startswith("socket:[")]


def wait_until_gone(pid: int) -> None:
    deadline = time.monotonic() + 10
    while Path(f"/proc/{pid}/cmdline").exists() and time.monotonic() < deadline:
        if not Path(f"/proc/{pid}/cmdline").read_bytes():
            return
        time.sleep(0.02)


def test_it_answers_on_its_socket(running: Paths) -> None:
    assert cluster.is_running(running)
    assert ask(running, "SELECT current_user") == "dongne"


def test_its_database_has_the_extensions(running: Paths) -> None:
    names = "SELECT string_agg(extname, ',' ORDER BY extname) FROM pg_extension"
    assert ask(running, names) == "pg_trgm,plpgsql,postgis"


@pytest.mark.parametrize(
    ("setting", "value"),
    [("jit", "off"), ("max_parallel_workers_per_gather", "0"), ("timezone", "UTC")],
)
def test_its_settings_suit_short_spatial_queries(running: Paths, setting: str, value: str) -> None:
    assert ask(running, f"SHOW {setting}") == value


def test_it_has_no_network(running: Paths) -> None:
    tables = [Path(f"/proc/{pid_of(running)}/net/{name}") for name in ("tcp", "tcp6")]
    listening = {line.split()[9] for table in tables for line in table.read_text().splitlines()[1:]}
    assert not listening & set(sockets_of(pid_of(running)))


def test_nobody_else_reaches_its_socket(running: Paths) -> None:
    assert place_of(running).sockets.stat().st_mode & 0o777 == 0o700


def test_it_never_runs_as_root(running: Paths) -> None:
    assert Path(f"/proc/{pid_of(running)}").stat().st_uid != 0


def test_the_tests_may_make_databases_with_postgis(running: Paths) -> None:
    assert ask(running, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") == "t"


def test_starting_twice_and_stopping_twice_are_fine(clone: Paths) -> None:
    assert cluster.start(clone)
    assert not cluster.start(clone)
    assert cluster.stop(clone)
    assert not cluster.stop(clone)
    assert not cluster.is_running(clone)


def test_the_data_survive_a_restart(clone: Paths) -> None:
    cluster.start(clone)
    ask(clone, "CREATE TABLE kept AS SELECT 7 AS n")
    cluster.stop(clone)
    cluster.start(clone)
    assert ask(clone, "SELECT n FROM kept") == "7"


def test_a_server_killed_by_force_starts_again(clone: Paths) -> None:
    cluster.start(clone)
    pid = pid_of(clone)
    os.kill(pid, signal.SIGKILL)
    wait_until_gone(pid)
    assert cluster.start(clone)
    assert ask(clone, "SELECT 1") == "1"


@pytest.mark.parametrize("name", ["data/postmaster.pid", "run/.s.PGSQL.5432.lock"])
def test_a_lock_that_names_another_living_process_is_no_obstacle(clone: Paths, name: str) -> None:
    cluster.start(clone)
    found, pid = place_of(clone), pid_of(clone)
    os.kill(pid, signal.SIGKILL)
    wait_until_gone(pid)
    lock = (found.sockets if name.startswith("run/") else found.data) / Path(name).name
    others = lock.read_text(encoding="utf-8").splitlines()[1:]
    lock.write_text("\n".join([str(os.getpid()), *others]), encoding="utf-8")
    assert cluster.start(clone)


def test_a_half_made_data_directory_is_made_anew(clone: Paths) -> None:
    half = place.choose(clone).home / "data.partial"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("15\n", encoding="ascii")
    cluster.start(clone)
    assert not half.exists()
    assert cluster.is_running(clone)


def test_a_cluster_without_its_database_is_completed(clone: Paths) -> None:
    unfinished = place.choose(clone)
    postgres.make_data(unfinished)
    postgres.start_server(unfinished)
    assert cluster.find_url(clone) is None
    cluster.start(clone)
    assert ask(clone, "SELECT current_user") == "dongne"


def test_a_failed_start_leaves_nothing_running(
    clone: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_place: place.Place) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(postgres, "make_database", fail)
    with pytest.raises(KeyboardInterrupt):
        cluster.start(clone)
    assert postgres.postmaster_pid(place.choose(clone)) is None


def test_two_clones_do_not_disturb_each_other(clone: Paths, folder: Path) -> None:
    other = Paths(folder / "other")
    other.root.mkdir()
    try:
        assert cluster.start(clone)
        assert cluster.start(other)
        cluster.stop(clone)
        assert cluster.is_running(other)
    finally:
        remove(other)


def test_a_copied_clone_gets_a_cluster_of_its_own(clone: Paths, folder: Path) -> None:
    cluster.start(clone)
    copy = Paths(folder / "copy")
    copy.var.mkdir(parents=True)
    shutil.copy(clone.cluster_note, copy.cluster_note)
    try:
        cluster.start(copy)
        assert pid_of(copy) != pid_of(clone)
    finally:
        remove(copy)


def test_a_path_too_long_for_a_socket_gets_a_short_one_elsewhere(folder: Path) -> None:
    deep = Paths(folder / ("d" * 60) / ("e" * 60))
    deep.root.mkdir(parents=True)
    try:
        cluster.start(deep)
        assert cluster.is_running(deep)
        assert not place_of(deep).sockets.is_relative_to(deep.root)
    finally:
        remove(deep)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as another user")
def test_a_clone_that_the_server_cannot_enter_keeps_its_data_outside(folder: Path) -> None:
    closed = folder / "closed"
    hidden = Paths(closed / "clone")
    hidden.root.mkdir(parents=True)
    closed.chmod(0o700)
    try:
        cluster.start(hidden)
        assert place_of(hidden).home.is_relative_to(place.SYSTEM_HOME)
        assert ask(hidden, "SELECT 1") == "1"
    finally:
        remove(hidden)


def test_settings_of_the_callers_environment_do_not_misdirect_it(
    clone: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPORT", "6000")
    monkeypatch.setenv("PGDATABASE", "elsewhere")
    cluster.start(clone)
    assert cluster.is_running(clone)


def test_the_last_holder_stops_the_cluster(clone: Paths) -> None:
    with cluster.held(clone):
        with cluster.held(clone):
            pass
        assert cluster.is_running(clone)
    assert not cluster.is_running(clone)


def test_a_kept_cluster_outlives_its_holders(clone: Paths) -> None:
    cluster.keep(clone)
    with cluster.held(clone):
        pass
    assert cluster.is_running(clone)


def test_a_cluster_kept_before_a_crash_is_not_kept_for_ever(clone: Paths) -> None:
    cluster.keep(clone)
    pid = pid_of(clone)
    os.kill(pid, signal.SIGKILL)
    wait_until_gone(pid)
    with cluster.held(clone):
        pass
    assert not cluster.is_running(clone)


def test_simultaneous_starts_make_one_cluster(clone: Paths) -> None:
    started: list[bool] = []
    threads = [
        threading.Thread(target=lambda: started.append(cluster.start(clone))) for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(started) == [False, False, True]


def test_clean_stops_the_cluster_and_removes_it(clone: Paths) -> None:
    cluster.start(clone)
    pid = pid_of(clone)
    with Path(os.devnull).open("w", encoding="ascii") as nowhere:
        clean.clean(clone, Progress(nowhere))
    wait_until_gone(pid)
    assert not list(clone.var.iterdir())


def test_a_stale_socket_file_does_not_look_like_a_server(clone: Paths) -> None:
    found = place.choose(clone)
    place.remember(clone, found)
    with socket.socket(socket.AF_UNIX) as abandoned:
        abandoned.bind(str(found.socket))
    assert not cluster.is_running(clone)
