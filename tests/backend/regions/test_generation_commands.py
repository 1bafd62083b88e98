"""The commands about generations say what there is and refuse what must not happen."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import Connection, func, select, text

from geo.regions.models import LocalGovernmentRow, OverviewRow, PieceRow, RegionRow
from tests.support.boundaries import Drawn, load_drawn

Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask, connection: Connection) -> Run:
    """Return a function that runs a command about regions."""

    def run(*args: object) -> Result:
        return app.test_cli_runner().invoke(args=["regions", *map(str, args)])

    return run


def state(connection: Connection, generation_id: int) -> str | None:
    statement = text("SELECT state FROM region_generation WHERE id = :id")
    return connection.scalar(statement, {"id": generation_id})


def test_generations_are_listed_with_their_counts(run: Run, in_force: int, draft: int) -> None:
    country, incheon, changed = run("generations").output.splitlines()[1:]
    assert country.split()[1:5] == ["retired", "2025-11-30", "17/252/5064", "243"]
    assert incheon.split()[:2] == [str(in_force), "active"]
    assert changed.split()[:4] == [str(draft), "draft", "2026-07-01", "1/3/80"]


def test_a_sound_draft_is_validated_and_its_changes_shown(
    run: Run, connection: Connection, draft: int
) -> None:
    answer = run("validate", draft)
    assert answer.exit_code == 0, answer.output
    assert "warning: 1 emd under another name" in answer.output
    assert answer.output.splitlines()[-1] == "validated"
    assert state(connection, draft) == "validated"


def test_a_broken_draft_stays_one_and_the_report_is_kept(
    run: Run, connection: Connection, in_force: int, three_gu: list[Drawn]
) -> None:
    half = load_drawn(connection, [each for each in three_gu if each.code[:5] != "28260"])
    answer = run("validate", half, "--json")
    assert answer.exit_code == 1
    assert state(connection, half) == "draft"
    report = connection.scalar(
        text("SELECT report FROM region_generation WHERE id = :id"), {"id": half}
    )
    assert report == json.loads(answer.output)
    assert [found["kind"] for found in report["findings"] if found["severity"] == "error"] == [
        "land_differs"
    ]


def test_a_draft_is_compared_with_what_is_in_force(run: Run, in_force: int, draft: int) -> None:
    lines = run("compare", draft).output.splitlines()
    assert lines[:4] == [
        f"generation {in_force} -> {draft}",
        "sido: no change",
        "sigungu: no change",
        "emd: 1 renamed, 1 re-coded",
    ]
    assert json.loads(run("compare", draft, "--json").output)["levels"][2]["recoded"][0][
        "after_code"
    ] == ("28110199")


def test_any_two_generations_are_compared(run: Run, in_force: int, draft: int) -> None:
    lines = run("compare", in_force, "--with", draft).output.splitlines()
    assert lines[0] == f"generation {draft} -> {in_force}"


def test_a_draft_is_thrown_away_with_all_that_hangs_on_it(
    run: Run, connection: Connection, draft: int
) -> None:
    answer = run("discard", draft)
    assert answer.exit_code == 0, answer.output
    for row in (RegionRow, PieceRow, OverviewRow, LocalGovernmentRow):
        left = select(func.count()).where(row.generation_id == draft)
        assert connection.scalar(left) == 0
    assert state(connection, draft) is None


@pytest.mark.parametrize("command", ["validate", "discard"])
def test_what_is_or_was_in_force_is_left_alone(
    run: Run, connection: Connection, in_force: int, command: str
) -> None:
    before = connection.scalar(text("SELECT count(*) FROM region"))
    retired = connection.scalar(text("SELECT min(id) FROM region_generation"))
    for generation_id in (in_force, retired):
        answer = run(command, generation_id)
        assert answer.exit_code == 1
        assert f"generation {generation_id} is" in answer.output
    assert connection.scalar(text("SELECT count(*) FROM region")) == before


@pytest.mark.parametrize("command", ["validate", "compare", "discard"])
def test_an_unknown_generation_is_named(run: Run, in_force: int, command: str) -> None:
    answer = run(command, 10**6)
    assert answer.exit_code == 1
    assert "there is no generation 1000000" in answer.output


def test_a_boundary_set_is_written_once(run: Run, in_force: int, tmp_path: Path) -> None:
    path = tmp_path / "incheon.geojson"
    answer = run("export", in_force, path, "--format", "geojson", "--level", "sigungu")
    assert answer.output.strip() == "3 sigungu in incheon.geojson"
    assert len(json.loads(path.read_text("utf-8"))["features"]) == 3
    answer = run("export", in_force, path)
    assert (answer.exit_code, answer.output) == (1, "Error: incheon.geojson exists already\n")
