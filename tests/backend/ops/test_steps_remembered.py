"""What is done once is not done again, and what was interrupted is."""

from __future__ import annotations

import io
import stat
from pathlib import Path

import pytest

from backend.ops import assets, interpreter, secret_key, stamps, venv
from backend.ops.interpreter import DEBIAN_PYTHON, Interpreter
from backend.ops.paths import Paths
from backend.ops.progress import Progress
from backend.ops.venv import Kind


@pytest.fixture
def clone(tmp_path: Path) -> Paths:
    return Paths(tmp_path)


def test_a_stamp_matches_what_it_was_written_for(tmp_path: Path) -> None:
    stamps.write(tmp_path / "folder" / "stamp", "abc")
    assert stamps.matches(tmp_path / "folder" / "stamp", "abc")


def test_a_missing_stamp_matches_nothing(tmp_path: Path) -> None:
    assert not stamps.matches(tmp_path / "stamp", "")


def test_a_changed_file_changes_the_digest(tmp_path: Path) -> None:
    file = tmp_path / "lock"
    file.write_text("one", encoding="ascii")
    before = stamps.digest([file])
    file.write_text("two", encoding="ascii")
    assert stamps.digest([file]) != before


def test_a_file_that_appears_changes_the_digest(tmp_path: Path) -> None:
    file = tmp_path / "lock"
    before = stamps.digest([file])
    file.touch()
    assert stamps.digest([file]) != before


def test_an_environment_without_stamp_is_not_ready(clone: Paths) -> None:
    make_python(clone)
    assert not venv.is_ready(clone, Kind.RUN)


def test_an_environment_whose_python_is_gone_is_not_ready(clone: Paths) -> None:
    clone.venv.mkdir()
    mark_made(clone, Kind.RUN)
    assert not venv.is_ready(clone, Kind.RUN)


def test_an_environment_for_the_present_lock_is_ready(clone: Paths) -> None:
    make_python(clone)
    mark_made(clone, Kind.RUN)
    assert venv.is_ready(clone, Kind.RUN)


def test_a_new_lock_file_makes_an_environment_old(clone: Paths) -> None:
    make_python(clone)
    mark_made(clone, Kind.RUN)
    (clone.root / "requirements.lock").write_text("flask==99", encoding="ascii")
    assert not venv.is_ready(clone, Kind.RUN)


def test_the_environment_of_the_demo_does_not_do_for_the_tests(clone: Paths) -> None:
    make_python(clone)
    mark_made(clone, Kind.RUN)
    assert not venv.is_ready(clone, Kind.DEVELOP)


def test_the_tested_version_goes_before_a_newer_one() -> None:
    newer = Interpreter("/opt/python3", (3, 13), complete=True)
    debian = Interpreter(DEBIAN_PYTHON, (3, 11), complete=False)
    assert interpreter.choose([newer, debian]) == debian


def test_a_complete_python_goes_before_one_that_needs_a_package() -> None:
    elsewhere = Interpreter("/opt/python3", (3, 11), complete=True)
    debian = Interpreter(DEBIAN_PYTHON, (3, 11), complete=False)
    assert interpreter.choose([debian, elsewhere]) == elsewhere


def test_an_incomplete_python_from_elsewhere_is_no_choice() -> None:
    assert interpreter.choose([Interpreter("/opt/python3", (3, 11), complete=False)]) is None


def test_a_python_that_is_too_old_is_no_choice() -> None:
    assert interpreter.choose([Interpreter(DEBIAN_PYTHON, (3, 9), complete=True)]) is None


def test_a_program_that_is_no_python_is_passed_over() -> None:
    assert interpreter.ask("/bin/false") is None


def test_the_secret_key_is_64_hexadecimal_digits_for_its_owner_only(clone: Paths) -> None:
    secret_key.ensure(clone.secret_key)
    assert len(bytes.fromhex(clone.secret_key.read_text(encoding="ascii"))) == 32
    assert stat.S_IMODE(clone.secret_key.stat().st_mode) == 0o600


def test_the_secret_key_is_made_once(clone: Paths) -> None:
    secret_key.ensure(clone.secret_key)
    before = clone.secret_key.read_bytes()
    assert not secret_key.ensure(clone.secret_key)
    assert clone.secret_key.read_bytes() == before


def test_nothing_but_the_key_is_left_beside_it(clone: Paths) -> None:
    secret_key.ensure(clone.secret_key)
    assert list(clone.var.iterdir()) == [clone.secret_key]


def test_pages_without_package_json_want_no_assets(clone: Paths) -> None:
    assert not assets.are_missing(clone)


def test_without_npm_the_set_up_goes_on_and_says_what_to_type(
    clone: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    want_assets(clone)
    monkeypatch.setenv("PATH", str(clone.root / "nowhere"))
    said = io.StringIO()
    assert not assets.ensure(clone, Progress(said))
    assert "To try again: " in said.getvalue()


def test_when_npm_fails_the_set_up_goes_on_with_the_end_of_its_log(
    clone: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    want_assets(clone)
    put_programs(clone, monkeypatch, "echo npm error network; exit 1")
    said = io.StringIO()
    assert not assets.ensure(clone, Progress(said))
    assert "npm error network" in said.getvalue()
    assert assets.TO_TYPE in said.getvalue()


def test_fetched_assets_are_not_fetched_again(
    clone: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    want_assets(clone)
    put_programs(clone, monkeypatch, "mkdir -p static/vendor; echo run >>../../runs")
    for _ in range(2):
        assert assets.ensure(clone, Progress(io.StringIO()))
    assert (clone.root / "runs").read_text(encoding="ascii") == "run\n" * 2


def test_assets_are_fetched_again_when_the_vendor_script_changed(
    clone: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    want_assets(clone)
    put_programs(clone, monkeypatch, "mkdir -p static/vendor")
    assets.ensure(clone, Progress(io.StringIO()))
    (clone.web / "vendor.mjs").write_text("changed", encoding="ascii")
    assert assets.are_missing(clone)


def make_python(clone: Paths) -> None:
    clone.python.parent.mkdir(parents=True)
    clone.python.touch()


def mark_made(clone: Paths, kind: Kind) -> None:
    digest = stamps.digest((clone.root / kind.value, clone.root / "setup.cfg"))
    stamps.write(clone.venv / f"made-from-{kind.value}", digest)


def want_assets(clone: Paths) -> None:
    clone.web.mkdir(parents=True)
    (clone.web / "package.json").write_text("{}", encoding="ascii")


def put_programs(clone: Paths, monkeypatch: pytest.MonkeyPatch, npm: str) -> None:
    folder = clone.root / "bin"
    folder.mkdir()
    for name, line in (("npm", npm), ("node", "echo v18.20.4")):
        (folder / name).write_text(f"#!/bin/sh\n{line}\n", encoding="ascii")
        (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
