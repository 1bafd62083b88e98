"""What is computed of loaded regions is there, also for those that were loaded before."""

import pytest
from sqlalchemy import Connection, text

from backend.config import ROOT
from geo.boundaries import load_country
from geo.boundaries.completion import english_name, full_english
from geo.regions import active_generation, describe_surroundings, get_region, search_regions
from geo.regions.spellings import Named

COUNTS = text("""
    SELECT (SELECT count(*) FROM region_spelling), (SELECT count(*) FROM region_neighbour),
           (SELECT count(*) FROM region WHERE full_name_en IS NULL OR name_en IS NULL)
""")


def test_boundaries_loaded_before_are_completed_when_an_installation_is_prepared(
    connection: Connection,
) -> None:
    before = active_generation(connection)
    region = get_region(connection, "11140103")
    found = search_regions(connection, "태평로"), describe_surroundings(connection, region)
    counts = connection.execute(COUNTS).one()
    connection.execute(text("DELETE FROM region_neighbour"))
    connection.execute(text("DELETE FROM region_spelling"))
    connection.execute(
        text("UPDATE region SET full_name_en = NULL, name_en = CASE level WHEN 1 THEN name_en END")
    )
    assert search_regions(connection, "태평로") == []
    load_country(connection, ROOT / "var" / "boundaries")
    assert active_generation(connection) == before
    assert connection.execute(COUNTS).one() == counts
    assert get_region(connection, "11140103") == region
    assert (
        search_regions(connection, "태평로"),
        describe_surroundings(connection, region),
    ) == found


@pytest.mark.heavy
def test_an_english_name_that_the_source_gave_stays(connection: Connection) -> None:
    connection.execute(text("DELETE FROM region_neighbour"))
    connection.execute(text("DELETE FROM region_spelling"))
    connection.execute(text("UPDATE region SET name_en = 'Central District' WHERE code = '11140'"))
    load_country(connection, ROOT / "var" / "boundaries")
    assert get_region(connection, "11140").name_en == "Central District"
    assert get_region(connection, "11140103").full_name_en == (
        "Taepyeongno 1-ga, Central District, Seoul"
    )


def test_sido_have_their_official_names_and_others_follow_the_rule() -> None:
    assert english_name("50", "제주특별자치도") == "Jeju"
    assert english_name("36110", "세종특별자치시") == "Sejong"
    assert english_name("99", "한라도") == "Halla-do"
    assert english_name("41113", "수원시 권선구") == "Suwon-si Gwonseon-gu"


def test_full_english_names_begin_with_the_narrowest() -> None:
    sejong = Named("36", "세종특별자치시", "Sejong")
    emd = Named("36110101", "반곡동", "Bangok-dong")
    assert full_english([sejong, sejong, emd]) == "Bangok-dong, Sejong"
