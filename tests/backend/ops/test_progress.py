"""Progress is one changing line on a terminal and whole plain lines elsewhere."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from backend.ops import doctor
from backend.ops.command import run_logged
from backend.ops.doctor import Finding
from backend.ops.errors import OpsError
from backend.ops.progress import Progress


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def said() -> io.StringIO:
    return io.StringIO()


def test_a_step_is_one_plain_line_with_its_time(said: io.StringIO, clock: Clock) -> None:
    with Progress(said, clock=clock).step("Packages"):
        clock.now_s = 3.21
    assert said.getvalue() == "==> Packages ... done in 3.2 s\n"


def test_a_failed_step_says_so(said: io.StringIO, clock: Clock) -> None:
    with pytest.raises(OpsError), Progress(said, clock=clock).step("Packages"):
        raise OpsError("no network")
    assert said.getvalue() == "==> Packages ... stopped after 0.0 s\n"


def test_a_long_step_shows_signs_of_life(said: io.StringIO, clock: Clock) -> None:
    with Progress(said, clock=clock).step("Packages") as step:
        for clock.now_s in (10.0, 31.0, 32.0, 62.0):
            step.tick("ignored")
    assert said.getvalue() == "==> Packages ... 31 s ... 62 s ... done in 62.0 s\n"


def test_a_message_within_a_step_gets_its_own_line(said: io.StringIO, clock: Clock) -> None:
    progress = Progress(said, clock=clock)
    with progress.step("Packages"):
        progress.say("Wait.")
    assert said.getvalue() == "==> Packages ... \nWait.\n==> Packages ... done in 0.0 s\n"


def test_plain_lines_hold_no_control_characters(said: io.StringIO, clock: Clock) -> None:
    with Progress(said, clock=clock).step("Packages") as step:
        step.tick("x")
    assert "\x1b" not in said.getvalue()
    assert "\r" not in said.getvalue()


def test_a_terminal_keeps_one_line_per_step(said: io.StringIO, clock: Clock) -> None:
    with Progress(said, terminal=True, clock=clock).step("Packages") as step:
        step.tick("Unpacking")
    assert said.getvalue().count("\n") == 1
    assert said.getvalue().endswith("\r\x1b[K==> Packages ... done in 0.0 s\n")


def test_a_terminal_line_never_wraps(
    said: io.StringIO, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    with Progress(said, terminal=True, clock=clock).step("Packages") as step:
        step.tick("x" * 200)
    assert max(len(line) for line in said.getvalue().split("\r\x1b[K")) < 40


def test_a_terminal_that_is_gone_stops_nothing(clock: Clock) -> None:
    stream = io.StringIO()
    stream.close()
    Progress(stream, terminal=False, clock=clock).say("Stopping ...")


def test_a_failed_command_shows_the_end_of_its_log_and_what_to_type(
    said: io.StringIO, tmp_path: Path
) -> None:
    script = "for i in $(seq 50); do echo line $i; done; exit 3"
    with pytest.raises(OpsError) as caught, Progress(said).step("Seq") as step:
        run_logged(step, ["sh", "-c", script], log=tmp_path / "a.log", cwd=tmp_path, hint="seq")
    assert "line 50" in caught.value.message
    assert "line 20\n" not in caught.value.message
    assert caught.value.hint == "seq"


def test_a_command_that_does_not_exist_is_a_failure_with_a_hint(
    said: io.StringIO, tmp_path: Path
) -> None:
    with pytest.raises(OpsError) as caught, Progress(said).step("Nothing") as step:
        run_logged(step, ["no-such-program"], log=tmp_path / "a.log", cwd=tmp_path)
    assert caught.value.hint == "no-such-program"


def test_doctor_is_content_when_all_that_is_required_is_there(said: io.StringIO) -> None:
    found = [Finding("Python", True), Finding("npm", False, "apt-get install npm", required=False)]
    assert doctor.report(Progress(said), found) == 0


def test_doctor_names_the_gap_and_the_command_below_it(said: io.StringIO) -> None:
    assert doctor.report(Progress(said), [Finding("PostGIS", False, "apt-get install it")]) == 1
    assert [line.split(maxsplit=1) for line in said.getvalue().splitlines()] == [
        ["missing", "PostGIS"],
        ["apt-get", "install it"],
    ]
