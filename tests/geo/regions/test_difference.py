"""Two generations differ by what somebody changed, told once and under one heading."""

from dataclasses import replace

import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from geo.crs import areas_km2
from geo.regions import Difference, GenerationNotFound, compare
from geo.regions.difference import LevelDifference
from tests.support.boundaries import Drawn, load_drawn

KINDS = ("added", "removed", "renamed", "recoded", "regoverned", "reshaped")


def emd(found: Difference) -> LevelDifference:
    return found.levels[2]


def said(level: LevelDifference) -> set[str]:
    return {kind for kind in KINDS if getattr(level, kind)}


def test_a_generation_does_not_differ_from_itself(connection: Connection, in_force: int) -> None:
    found = compare(connection, in_force, in_force)
    assert [said(level) for level in found.levels] == [set(), set(), set()]


def test_a_new_name_is_a_renaming(
    connection: Connection, in_force: int, three_gu: list[Drawn]
) -> None:
    renamed = replace(three_gu[0], full_name="인천광역시 중구 새동")
    found = compare(connection, in_force, load_drawn(connection, [renamed, *three_gu[1:]]))
    (change,) = emd(found).renamed
    assert (change.code, change.before) == (three_gu[0].code, three_gu[0].full_name)
    assert [said(level) for level in found.levels] == [set(), set(), {"renamed"}]


def test_the_same_ground_under_another_code_is_neither_added_nor_removed(
    connection: Connection, in_force: int, three_gu: list[Drawn]
) -> None:
    recoded = replace(three_gu[0], code="28110199")
    moved = replace(three_gu[1], code="28140199", full_name="인천광역시 동구 신포동")
    draft = load_drawn(connection, [recoded, moved, *three_gu[2:]])
    found = compare(connection, in_force, draft)
    assert said(emd(found)) == {"recoded"}
    assert [(c.before_code, c.after_code, c.moved, c.share) for c in emd(found).recoded] == [
        (three_gu[0].code, "28110199", False, 1.0),
        (three_gu[1].code, "28140199", True, 1.0),
    ]
    assert {change.code for change in found.levels[1].reshaped} == {"28110", "28140"}


def test_a_merger_removes_one_and_reshapes_the_other(
    connection: Connection, in_force: int, three_gu: list[Drawn]
) -> None:
    first, second = next(
        (one, other)
        for one in three_gu
        for other in three_gu
        if one.code < other.code
        and one.code[:5] == other.code[:5]
        and shapely.relate_pattern(one.shape, other.shape, "****1****")
    )
    both = replace(first, shape=shapely.union_all([first.shape, second.shape]))
    rest = [each for each in three_gu if each not in (first, second)]
    found = compare(connection, in_force, load_drawn(connection, [both, *rest]))
    assert said(emd(found)) == {"removed", "reshaped"}
    assert [gone.code for gone in emd(found).removed] == [second.code]
    (change,) = emd(found).reshaped
    (before, gained) = areas_km2([first.shape, second.shape])
    assert change.changed_km2 == pytest.approx(gained, abs=1e-6)
    assert change.share == pytest.approx(gained / (before + gained), abs=1e-6)
    assert [said(level) for level in found.levels[:2]] == [set(), set()]


def test_rounding_alone_is_no_change(
    connection: Connection, in_force: int, three_gu: list[Drawn]
) -> None:
    nudged = [
        replace(each, shape=shapely.transform(each.shape, lambda xy: xy + 1e-10))
        for each in three_gu
    ]
    draft = load_drawn(connection, nudged)
    assert [said(level) for level in compare(connection, in_force, draft).levels] == [set()] * 3


def test_another_government_is_told(
    connection: Connection, in_force: int, three_gu: list[Drawn]
) -> None:
    draft = load_drawn(connection, three_gu)
    connection.execute(
        text(
            "UPDATE region SET local_government_code = '28140'"
            " WHERE generation_id = :id AND code = '28110'"
        ),
        {"id": draft},
    )
    (change,) = compare(connection, in_force, draft).levels[1].regoverned
    assert (change.code, change.before, change.after) == ("28110", "28110", "28140")


def test_an_unknown_generation_is_refused(connection: Connection, in_force: int) -> None:
    with pytest.raises(GenerationNotFound, match="1000000"):
        compare(connection, in_force, 10**6)


@settings(
    max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_looking_from_the_other_side_turns_every_change_round(
    connection: Connection, in_force: int, three_gu: list[Drawn], data: st.DataObject
) -> None:
    gone = data.draw(st.sets(st.sampled_from(range(len(three_gu))), max_size=5))
    recoded = data.draw(st.sets(st.sampled_from(range(len(three_gu))), max_size=5)) - gone
    drawn = [
        replace(each, code=f"{each.code[:5]}{int(each.code[5:]) + 100}")
        if position in recoded
        else each
        for position, each in enumerate(three_gu)
        if position not in gone
    ]
    draft = load_drawn(connection, drawn)
    there, back = compare(connection, in_force, draft), compare(connection, draft, in_force)
    assert {found.code for found in emd(there).removed} == {three_gu[at].code for at in gone}
    assert emd(there).removed == emd(back).added
    assert emd(there).added == emd(back).removed == ()
    assert {(found.before_code, found.after_code) for found in emd(there).recoded} == {
        (found.after_code, found.before_code) for found in emd(back).recoded
    }
    assert len(emd(there).recoded) == len(recoded)
