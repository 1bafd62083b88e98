"""The commands about the crosswalk of codes."""

from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import Connection

HEAD = "old_code,new_code,effective_on\n"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """A list of two changes, one after the other."""
    path = tmp_path / "changes.csv"
    path.write_text(f"{HEAD}11110101,11110102,2010-01-01\n11110102,11110103,2014-07-01\n")
    return path


def run(app: Flask, *args: str) -> Result:
    return app.test_cli_runner().invoke(args=["regions", "crosswalk", *args])


def test_a_list_is_loaded_and_shown(app: Flask, connection: Connection, table: Path) -> None:
    assert run(app, "load", str(table)).output.startswith("2 changes added, 0 there already")
    assert run(app, "load", str(table)).output.startswith("0 changes added, 2 there already")
    lines = run(app, "show", "1111010300").output.splitlines()
    assert [line.split(" (")[0] for line in lines] == [
        "2010-01-01 11110101 -> 11110102 renamed",
        "2014-07-01 11110102 -> 11110103 renamed",
    ]


def test_lines_at_fault_keep_the_list_out(app: Flask, connection: Connection, table: Path) -> None:
    table.write_text(f"{table.read_text()}1111,11110104,2014-07-01\n")
    answer = run(app, "load", str(table))
    assert answer.exit_code == 1
    assert "line 4: a region code" in answer.output
    assert run(app, "load", str(table), "--skip-faults").output.count("2 changes added") == 1


def test_a_circle_is_refused_with_its_lines(
    app: Flask, connection: Connection, table: Path
) -> None:
    table.write_text(f"{HEAD}11110101,11110102,2010-01-01\n11110102,11110101,2010-01-01\n")
    answer = run(app, "load", str(table))
    assert answer.exit_code == 1
    assert "lines 2, 3" in answer.output


def test_a_code_of_no_list_is_said_so(app: Flask, connection: Connection) -> None:
    assert run(app, "show", "11110101").output == "no list tells of a change of 11110101\n"
