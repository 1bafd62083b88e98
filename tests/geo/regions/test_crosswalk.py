"""What became of each region and government when Incheon changed, there and back."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, create_engine, text

from geo.regions.code_changes import load_changes
from geo.regions.code_lists import CodeChange
from geo.regions.crosswalk import Crosswalk, build_crosswalk
from geo.regions.placing import find_owner, place_records, spread
from tests.support import databases
from tests.support.incheon import (
    CHANGED_ON,
    DONG,
    GEOMDAN,
    JEMULPO,
    JUNG,
    LOADED_AT,
    SEO,
    SICHEON,
    SICHEON_NORTH,
    YEONGJONG,
)

OLD, NEW = 1, 2


@pytest.fixture(scope="module")
def both(incheon: str) -> Iterator[Connection]:
    """A connection to a database with both generations; nothing is committed."""
    engine = create_engine(databases.url_of(incheon))
    with engine.connect() as connection:
        connection.execute(text("SET statement_timeout = 0"))
        yield connection
        connection.rollback()
    engine.dispose()


@pytest.fixture(scope="module")
def crosswalk(both: Connection) -> Crosswalk:
    """From the packages' generation to the changed one."""
    return build_crosswalk(both, OLD, NEW)


def test_a_region_with_its_code_and_ground_is_kept(crosswalk: Crosswalk) -> None:
    entry = crosswalk.of("11140103")
    assert (entry.kind, entry.successor, entry.basis) == ("kept", "11140103", "same_ground")


def test_a_neighbourhood_with_another_code_is_renamed(crosswalk: Crosswalk) -> None:
    entry = crosswalk.of("28110147")
    assert (entry.kind, entry.basis) == ("renamed", "overlap")
    assert (entry.successor or "").startswith(YEONGJONG)


def test_a_divided_neighbourhood_is_split(crosswalk: Crosswalk) -> None:
    entry = crosswalk.of(SICHEON)
    assert (entry.kind, entry.successors) == ("split", (SICHEON, SICHEON_NORTH))


def test_a_gu_goes_on_wherever_its_neighbourhoods_went(crosswalk: Crosswalk) -> None:
    found = {
        code: (crosswalk.of(code).kind, crosswalk.of(code).successors) for code in (JUNG, DONG, SEO)
    }
    assert found == {
        JUNG: ("split", (JEMULPO, YEONGJONG)),
        DONG: ("merged", (JEMULPO,)),
        SEO: ("split", (SEO, GEOMDAN)),
    }


def test_only_incheon_changes(crosswalk: Crosswalk) -> None:
    changed = {code[:2] for code, entry in crosswalk.regions.items() if entry.kind != "kept"}
    assert changed == {"28"}


def test_a_code_of_no_region_is_orphaned(crosswalk: Crosswalk) -> None:
    assert crosswalk.of("99999").kind == "orphaned"


@pytest.mark.parametrize(
    ("code", "after"), [(DONG, JEMULPO), (JUNG, None), (SEO, SEO), ("28", "28"), ("44130", "44130")]
)
def test_a_government_is_followed_by_itself_or_its_only_successor(
    crosswalk: Crosswalk, code: str, after: str | None
) -> None:
    assert crosswalk.government_after(code) == after


def test_the_way_back_joins_what_was_split(both: Connection) -> None:
    back = build_crosswalk(both, NEW, OLD)
    assert (back.of(SICHEON_NORTH).kind, back.of(SICHEON_NORTH).successor) == ("merged", SICHEON)
    assert (back.of(JEMULPO).kind, back.of(JEMULPO).successors) == ("split", (JUNG, DONG))


def test_the_table_of_code_changes_goes_before_the_ground(both: Connection) -> None:
    savepoint = both.begin_nested()
    change = CodeChange("28110147", f"{YEONGJONG}101", CHANGED_ON)
    load_changes(both, [change], source="test", now=LOADED_AT)
    entry = build_crosswalk(both, OLD, NEW).of("28110147")
    savepoint.rollback()
    assert (entry.kind, entry.successor, entry.basis) == (
        "merged",
        f"{YEONGJONG}101",
        "code_change",
    )


def test_a_point_has_an_owner_in_either_generation(both: Connection) -> None:
    airport = (126.4407, 37.4602)
    owners = [find_owner(both, generation, *airport) for generation in (OLD, NEW)]
    assert owners[0] == "28110147"
    assert (owners[1] or "").startswith(YEONGJONG)


def test_the_open_sea_has_none(both: Connection) -> None:
    assert find_owner(both, NEW, 125.0, 36.0) is None


def test_records_with_a_point_are_placed_by_it_and_others_by_the_crosswalk(
    both: Connection, crosswalk: Crosswalk
) -> None:
    savepoint = both.begin_nested()
    spread(both, crosswalk)
    records = """
        SELECT ('00000000-0000-0000-0000-00000000000' || n)::uuid, q.code, r.label_point
        FROM (VALUES (1, '28260102', '28271110'), (2, '28260102', NULL), (3, '28140101', NULL),
                     (4, '11140103', '11140103')) q (n, code, point_in)
        LEFT JOIN region r ON r.generation_id = :new AND r.code = q.point_in
    """
    place_records(both, crosswalk, records)
    rows = both.execute(text("SELECT kind, code FROM placed_record ORDER BY id")).all()
    savepoint.rollback()
    assert rows[0] == ("split", SICHEON_NORTH)
    assert rows[1] == ("orphaned", None)
    assert rows[2].kind == "renamed"
    assert rows[2].code.startswith(JEMULPO)
    assert rows[3] == ("kept", "11140103")
