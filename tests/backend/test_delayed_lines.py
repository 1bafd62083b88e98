"""Lines that wait come out whole, in order, and none is lost when the process ends."""

import io
import subprocess
import sys
import time
from threading import Thread

from backend.delayed_lines import DelayedLines

LONG_S = 60.0
PATIENCE_S = 30.0


class Counting(io.StringIO):
    """A stream that counts how often it is written to."""

    writes = 0

    def write(self, text: str, /) -> int:
        self.writes += 1
        return super().write(text)


def test_without_a_delay_each_line_is_written_at_once() -> None:
    stream = io.StringIO()
    DelayedLines(stream, 0).add("first")
    assert stream.getvalue() == "first\n"


def test_lines_wait_and_come_out_together() -> None:
    stream = Counting()
    lines = DelayedLines(stream, LONG_S)
    for line in ("first", "second", "third"):
        lines.add(line)
    assert stream.getvalue() == ""
    lines.flush()
    assert (stream.getvalue(), stream.writes) == ("first\nsecond\nthird\n", 1)


def test_a_line_comes_out_by_itself() -> None:
    stream = io.StringIO()
    lines = DelayedLines(stream, 0.001)
    for number in range(3):
        lines.add(str(number))
        deadline = time.monotonic() + PATIENCE_S
        while f"{number}\n" not in stream.getvalue() and time.monotonic() < deadline:
            time.sleep(0.001)
    assert stream.getvalue() == "0\n1\n2\n"


def test_each_thread_keeps_its_order_and_nothing_is_lost() -> None:
    stream = io.StringIO()
    lines = DelayedLines(stream, 0.001)

    def write(name: str) -> None:
        for number in range(500):
            lines.add(f"{name} {number}")

    threads = [Thread(target=write, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lines.flush()
    written = stream.getvalue().splitlines()
    assert len(written) == 2000
    for name in "abcd":
        assert [line for line in written if line[0] == name] == [f"{name} {n}" for n in range(500)]


def test_a_process_that_ends_writes_what_waits() -> None:
    program = (
        "import sys; from backend.delayed_lines import DelayedLines;"
        f" DelayedLines(sys.stderr, {LONG_S}).add('the last one')"
    )
    ended = subprocess.run(  # noqa: S603 (our own interpreter)
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=True,
    )
    assert ended.stderr == "the last one\n"
