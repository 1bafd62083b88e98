"""A draft is validated only by being checked, and the report says all there is to say."""

import json
from dataclasses import replace

import pytest
import shapely
from sqlalchemy import Connection, text

from geo.regions import GenerationNotFound, NotADraft, Report, activate, validate
from geo.regions.findings import SHOWN
from tests.support.boundaries import LOADED_AT, Drawn, load_drawn


def kinds(report: Report, severity: str) -> set[str]:
    return {found.kind for found in report.findings if found.severity == severity}


def items(report: Report, kind: str) -> tuple[str, ...]:
    return next(found.items for found in report.findings if found.kind == kind)


def state(connection: Connection, generation_id: int) -> str:
    statement = text("SELECT state FROM region_generation WHERE id = :id")
    return connection.scalar(statement, {"id": generation_id}) or ""


def spoil(connection: Connection, statement: str, generation_id: int) -> None:
    connection.execute(text(statement), {"id": generation_id})


def test_the_country_was_validated_with_nothing_to_say(connection: Connection) -> None:
    report = connection.scalar(text("SELECT report FROM region_generation"))
    assert (report["passed"], report["findings"], report["compared_with"]) == (True, [], None)
    assert [level["regions"] for level in report["levels"]] == [17, 252, 5064]


def test_the_same_ground_again_passes_without_a_word(
    connection: Connection, in_force: int, three_gu: list[Drawn]
) -> None:
    draft = load_drawn(connection, three_gu)
    report = validate(connection, draft, LOADED_AT)
    assert (report.findings, report.compared_with) == ((), in_force)
    assert state(connection, draft) == "validated"
    stored = connection.scalar(
        text("SELECT report FROM region_generation WHERE id = :id"), {"id": draft}
    )
    assert stored == json.loads(json.dumps(report.as_json()))


def test_changes_are_shown_and_do_not_block(
    connection: Connection, in_force: int, three_gu: list[Drawn]
) -> None:
    renamed = replace(three_gu[0], full_name="인천광역시 중구 새동")
    recoded = replace(three_gu[1], code="28110199")
    drawn = [renamed, recoded, *three_gu[2:]]
    report = validate(connection, load_drawn(connection, drawn), LOADED_AT)
    assert report.passed
    assert kinds(report, "warning") == {"emd_vanished", "emd_appeared", "emd_renamed"}
    assert items(report, "emd_vanished") == (f"{three_gu[1].code} {three_gu[1].full_name}",)
    assert items(report, "emd_renamed") == (
        f"{renamed.code} {three_gu[0].full_name} -> 인천광역시 중구 새동",
    )


def test_a_country_that_lacks_a_part_is_no_country(
    connection: Connection, in_force: int, three_gu: list[Drawn]
) -> None:
    draft = load_drawn(connection, [each for each in three_gu if each.code[:5] != "28260"])
    report = validate(connection, draft, LOADED_AT)
    assert kinds(report, "error") == {"land_differs"}
    assert items(report, "sigungu_vanished") == ("28260 인천광역시 서구",)
    assert state(connection, draft) == "draft"


def test_a_small_change_of_the_land_is_only_shown(
    connection: Connection, in_force: int, three_gu: list[Drawn]
) -> None:
    drawn = [each for each in three_gu if each.code != "28260118"]
    lost = sum(shapely.area(each.shape) for each in three_gu if each not in drawn)
    assert 0.005 < lost / sum(shapely.area(each.shape) for each in three_gu) < 0.05
    report = validate(connection, load_drawn(connection, drawn), LOADED_AT)
    assert report.passed
    assert {"land_differs", "sigungu_area_changed"} <= kinds(report, "warning")


@pytest.mark.parametrize(
    ("kind", "fault"),
    [
        (
            "shape_invalid",
            (
                "UPDATE region SET geom = ST_Multi('SRID=4326;POLYGON((126.6 37.4, 126.7 37.5,"
                " 126.7 37.4, 126.6 37.5, 126.6 37.4))'::geometry)"
                " WHERE generation_id = :id AND code = '28110101'"
            ),
        ),
        (
            "coverage_broken",
            (
                "UPDATE region SET geom = ST_Multi(ST_Buffer(geom, 0.001))"
                " WHERE generation_id = :id AND code = '28140101'"
            ),
        ),
        (
            "not_found_by_point",
            (
                "DELETE FROM region_piece WHERE region_id ="
                " (SELECT id FROM region WHERE generation_id = :id AND code = '28110101')"
            ),
        ),
        (
            "parent_mismatch",
            (
                "UPDATE region SET parent_id = (SELECT id FROM region WHERE generation_id = :id"
                " AND code = '28140') WHERE generation_id = :id AND code = '28110101'"
            ),
        ),
        ("level_empty", "DELETE FROM region WHERE generation_id = :id AND level = 3"),
        ("without_children", "DELETE FROM region WHERE generation_id = :id AND level = 3"),
        (
            "levels_differ",
            "UPDATE region SET area_km2 = area_km2 + 1 WHERE generation_id = :id AND code = '28'",
        ),
        (
            "without_government",
            (
                "UPDATE region SET local_government_code = '28'"
                " WHERE generation_id = :id AND code = '28110'"
            ),
        ),
        (
            "without_region",
            (
                "INSERT INTO local_government"
                " (generation_id, code, kind, name, full_name, upper_code)"
                " VALUES (:id, '28999', 'basic', '없는구', '인천광역시 없는구', '28')"
            ),
        ),
    ],
)
def test_every_fault_of_its_own_blocks(
    connection: Connection, in_force: int, three_gu: list[Drawn], kind: str, fault: str
) -> None:
    draft = load_drawn(connection, three_gu)
    spoil(connection, fault, draft)
    assert kind in kinds(validate(connection, draft, LOADED_AT), "error")
    assert state(connection, draft) == "draft"


def test_long_lists_are_cut_and_counted(
    connection: Connection, in_force: int, three_gu: list[Drawn]
) -> None:
    drawn = [replace(each, code=f"{each.code[:5]}{int(each.code[5:]) + 100}") for each in three_gu]
    report = validate(connection, load_drawn(connection, drawn), LOADED_AT)
    found = next(found for found in report.findings if found.kind == "emd_appeared")
    assert (len(found.items), found.count) == (SHOWN, len(three_gu))
    assert list(found.items) == sorted(found.items)


def test_a_validated_one_that_fails_later_is_a_draft_again(
    connection: Connection, in_force: int, three_gu: list[Drawn]
) -> None:
    draft = load_drawn(connection, three_gu)
    validate(connection, draft, LOADED_AT)
    spoil(connection, "DELETE FROM region_piece WHERE generation_id = :id", draft)
    assert not validate(connection, draft, LOADED_AT).passed
    assert state(connection, draft) == "draft"


def test_what_is_or_was_in_force_is_not_checked_again(
    connection: Connection, in_force: int, three_gu: list[Drawn]
) -> None:
    draft = load_drawn(connection, three_gu)
    validate(connection, draft, LOADED_AT)
    activate(connection, draft, LOADED_AT)
    for generation_id, now in ((draft, "active"), (in_force, "retired")):
        with pytest.raises(NotADraft, match=now):
            validate(connection, generation_id, LOADED_AT)
    with pytest.raises(GenerationNotFound):
        validate(connection, 10**6, LOADED_AT)
