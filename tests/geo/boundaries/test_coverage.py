"""One owner for every point of land, on tiny shapes."""

import numpy as np
import pytest
import shapely

from geo.boundaries.coverage import own_all, polygonal, shared_borders, simplify

WEST, EAST = shapely.box(0, 0, 4, 10), shapely.box(6, 0, 10, 10)
GAP = shapely.box(4, 0, 6, 10)


def test_what_is_no_area_is_dropped() -> None:
    mixed = shapely.GeometryCollection(
        [WEST, shapely.Point(9, 9), shapely.LineString([(0, 0), (1, 1)])]
    )
    assert polygonal(mixed).equals(WEST)


def test_a_bow_tie_becomes_valid() -> None:
    tie = shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])
    assert shapely.is_valid(polygonal(tie))


def test_border_lengths_are_those_of_common_edges() -> None:
    pairs, lengths = shared_borders(np.array([WEST, GAP, shapely.box(20, 0, 21, 1)]))
    assert pairs.tolist() == [[0, 1]]
    assert lengths.tolist() == [10.0]


def test_a_leftover_joins_the_owner_with_the_longest_border() -> None:
    leftover = shapely.Polygon([(4, 0), (6, 4), (6, 6), (4, 10)])
    west, east = own_all([WEST, EAST], [leftover], [{0, 1}])
    assert west.area == pytest.approx(WEST.area + leftover.area)
    assert east.area == pytest.approx(EAST.area)


def test_a_leftover_keeps_to_the_owners_allowed() -> None:
    leftover = shapely.Polygon([(4, 0), (6, 4), (6, 6), (4, 10)])
    _west, east = own_all([WEST, EAST], [leftover], [{1}])
    assert east.area == pytest.approx(EAST.area + leftover.area)


def test_leftovers_behind_leftovers_and_islands_find_an_owner() -> None:
    behind = [shapely.box(4, 0, 5, 10), shapely.box(5, 0, 5.5, 10), shapely.box(20, 0, 21, 1)]
    west, east = own_all([WEST, EAST], behind, [{0}, {0}, {0, 1}])
    assert west.area == pytest.approx(55.0)
    assert east.area == pytest.approx(41.0)


def test_overlapping_owners_end_up_beside_each_other() -> None:
    owned = own_all([shapely.box(0, 0, 6, 10), shapely.box(5.9, 0, 10, 10)], [], [])
    assert shapely.coverage_is_valid(owned)
    assert sum(shapely.area(owned)) == pytest.approx(100.0)


def test_simplified_neighbours_still_share_their_edge() -> None:
    jagged = [(5 + (0.05 if y % 2 else 0), y) for y in range(11)]
    left = shapely.Polygon([(0, 0), *jagged, (0, 10)])
    right = shapely.Polygon([(10, 0), *jagged, (10, 10)])
    simple = simplify(np.array([left, right]), 1.0)
    assert shapely.coverage_is_valid(simple)
    assert shapely.get_num_coordinates(simple).sum() < 14
