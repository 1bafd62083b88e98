"""The table says what was measured, what was not and why, and ratios only of what was."""

from bench.matching.__main__ import Row, tabulate


def line_with(text: str, part: str) -> str:
    (line,) = [line for line in text.splitlines() if part in line]
    return line


def test_ratios_are_of_whole_commands_and_of_the_work_without_files() -> None:
    text = tabulate(
        [
            Row(30_000, "solve", {"read": 1.0, "solve": 2.0, "write": 1.0}, 100.0),
            Row(30_000, "verify", {"read": 1.0, "verify": 2.0}, 120.0),
            Row(30_000, "sort", {"read": 1.0, "sort": 0.5}, 90.0),
        ]
    )
    assert line_with(text, "whole commands").split()[-2:] == ["30,000", "0.75"]
    assert line_with(text, "plan in memory").split()[-2:] == ["30,000", "0.67"]
    assert line_with(text, "sort of the same rows").split()[-2:] == ["30,000", "4.00"]


def test_what_was_not_measured_has_its_reason_and_no_ratio() -> None:
    text = tabulate(
        [
            Row(30_000, "solve", {"solve": 2.0}, 100.0),
            Row(30_000, "twin", missing="no answer within 240 s"),
        ]
    )
    assert "no answer within 240 s" in line_with(text, "twin  ")
    assert "SQL twin" not in text
