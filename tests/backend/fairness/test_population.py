"""Tables of people: what a CSV has to be, and how its codes reach the boundaries in force."""

import os
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from backend.fairness.population import (
    Loaded,
    TableUnreadable,
    find_population,
    keep_table,
    read_table,
)
from geo.regions.code_changes import load_changes
from geo.regions.code_lists import CodeChange
from tests.conftest import NOW

HEAD = "sigungu_code,sido,eligible_voters\n"
DAY = date(2022, 3, 9)
REPOSITORY = Path(__file__).resolve().parents[3]
TOTAL = 44197692
"""Sum of the column, added up outside the program."""


def keep(session: Session, figures: dict[str, int], kind: str = "eligible_voters") -> Loaded:
    """Keep a table of that day."""
    return keep_table(session, figures, kind=kind, as_of=DAY, source="test", now=NOW)


def test_a_table_is_read_by_the_names_of_its_columns() -> None:
    text = f"{HEAD}11110,서울특별시,129968\n11140,서울특별시,111448\n"
    assert read_table(text, "eligible_voters") == {"11110": 129968, "11140": 111448}


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("code,people\n11110,3\n", 1, "no column sigungu_code"),
        ("sigungu_code,residents\n11110,3\n", 1, "no column eligible_voters"),
        (f"{HEAD}1111,서울,3\n", 2, "'1111' is no code"),
        (f"{HEAD}11110,서울,3\n11110,서울,4\n", 3, "11110 is there twice"),
        (f"{HEAD}11110,서울,-3\n", 2, "'-3' is no number"),
        (f"{HEAD}11110,서울,3.5\n", 2, "'3.5' is no number"),
        (f"{HEAD}11110,서울\n", 2, "'' is no number"),
        (f"{HEAD}11110,서울,9999999999\n", 2, "more people than there are"),
        (HEAD, 1, "the table is empty"),
        ("", 1, "no column sigungu_code"),
    ],
)
def test_what_is_not_right_is_named_by_its_line(text: str, line: int, problem: str) -> None:
    with pytest.raises(TableUnreadable, match=problem) as caught:
        read_table(text, "eligible_voters")
    assert caught.value.line == line


@given(st.text())
def test_any_text_is_a_table_or_refused(text: str) -> None:
    with suppress(TableUnreadable):
        assert read_table(f"{HEAD}{text}", "eligible_voters")


def test_the_table_of_2022_is_read() -> None:
    """Read the eligible voters of 250 sigungu, where the folder of shared data is at hand."""
    shared = Path(os.environ.get("DONGNE_SHARED", REPOSITORY.parent / "shared"))
    table = shared / "data" / "eligible_voters_2022.csv"
    if not table.is_file():
        pytest.skip("no table of voters: set DONGNE_SHARED to the folder that holds data/")
    figures = read_table(table.read_text(encoding="utf-8-sig"), "eligible_voters")
    assert (len(figures), figures["11110"], sum(figures.values())) == (250, 129_968, TOTAL)


def test_codes_that_became_others_are_followed(session: Session) -> None:
    load_changes(session, [CodeChange("42110", "51110", date(2023, 6, 11))], source="test", now=NOW)
    loaded = keep(session, {"42110": 100, "11110": 50, "99990": 7})
    assert (loaded.regions, loaded.people, loaded.unknown) == (2, 150, ("99990",))
    found = find_population(session)
    assert found is not None
    assert found.figures == {"51110": 100, "11110": 50}


def test_a_city_of_districts_counts_for_its_province_only(session: Session) -> None:
    districts = dict.fromkeys(("41192", "41194", "41196"), "41190")
    loaded = keep(session, {"41190": 900})
    assert not set(districts) & set(loaded.missing)
    found = find_population(session)
    assert found is not None
    assert found.figures.get("41192") is None
    assert found.count(districts) == 900
    assert found.count({**districts, "41210": "41210"}) is None


def test_a_table_of_the_same_kind_and_day_is_replaced(session: Session) -> None:
    keep(session, {"11110": 1, "11140": 2})
    keep(session, {"11110": 3})
    found = find_population(session)
    assert found is not None
    assert found.figures == {"11110": 3}


def test_residents_are_preferred_to_voters(session: Session) -> None:
    keep(session, {"11110": 1})
    keep(session, {"11110": 2}, kind="residents")
    found = find_population(session)
    assert found is not None
    assert (found.kind, found.figures["11110"]) == ("residents", 2)


def test_without_a_table_there_is_none(session: Session) -> None:
    assert find_population(session) is None


def run(app: Flask, path: Path, *args: str) -> Result:
    """Run the command on a file."""
    common = ["--kind", "eligible_voters", "--as-of", "2022-03-09"]
    return app.test_cli_runner().invoke(
        args=["fairness", "load-population", str(path), *common, *args]
    )


def test_the_command_tells_what_it_loaded_and_what_it_could_not(
    app: Flask, connection: Connection, tmp_path: Path
) -> None:
    path = tmp_path / "voters.csv"
    path.write_text(f"﻿{HEAD}11110,서울특별시,129968\n42110,강원도,5\n", encoding="utf-8")
    answer = run(app, path)
    assert answer.exit_code == 0, answer.output
    assert "1 regions with 129,968 people (eligible_voters)" in answer.output
    assert "1 codes of the file are none in force: 42110" in answer.output
    assert "crosswalk load" in answer.output


def test_the_command_names_the_line_at_fault(
    app: Flask, connection: Connection, tmp_path: Path
) -> None:
    path = tmp_path / "voters.csv"
    path.write_text(f"{HEAD}11110,서울특별시,many\n", encoding="utf-8")
    answer = run(app, path)
    assert answer.exit_code == 1
    assert "voters.csv: line 2: 'many' is no number of people" in answer.output
