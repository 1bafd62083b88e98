"""The script for pgbench names every variable that our statements ask for."""

import re

import pytest

from bench.geo import floor
from bench.geo.points import Position

POSITIONS = [Position(126.5, 33.4), Position(127.0, 37.5)]


@pytest.mark.parametrize("statement", [floor.OWNER_ALONE, floor.LOOKUP], ids=["owner", "lookup"])
def test_nothing_is_asked_with_an_unknown_variable(statement: str) -> None:
    script = floor.script(statement, POSITIONS, 7)
    given = set(re.findall(r"^\\set (\w+) ", script, re.MULTILINE))
    asked = set(re.findall(r"(?<!:):([a-z_]\w*)", statement))
    assert asked
    assert asked <= given


def test_longitude_and_latitude_are_of_the_same_point() -> None:
    lines = floor.script("SELECT 1", POSITIONS, 7).splitlines()
    assert lines[0] == "\\set i random(1, 2)"
    assert lines[1] == "\\set lon case when :i = 1 then 126.5 when :i = 2 then 127.0 end"
    assert lines[2] == "\\set lat case when :i = 1 then 33.4 when :i = 2 then 37.5 end"
    assert lines[-1] == "SELECT 1;"
