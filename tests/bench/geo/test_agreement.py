"""Answers differ unless there is an excuse, and each excuse holds only where it belongs."""

from bench.geo.agreement import Comparison, Ours, Verdict, compare, judge
from bench.geo.points import Position

INSIDE = Position(127.0, 37.5)
VERTEX = Position(127.0, 37.5, ("11110101", "11110102", "11140101"))
FIRST, SECOND, THIRD = VERTEX.neighbours


def test_the_same_code_is_the_same_owner() -> None:
    assert judge(INSIDE, Ours(FIRST), (FIRST,)) is Verdict.SAME
    assert judge(VERTEX, Ours(FIRST), (FIRST,)) is Verdict.SAME


def test_another_code_differs() -> None:
    assert judge(INSIDE, Ours(FIRST), (SECOND,)) is Verdict.DIFFERENT


def test_two_owners_inside_a_region_differ() -> None:
    assert judge(INSIDE, Ours(FIRST), (FIRST, SECOND)) is Verdict.DIFFERENT


def test_no_owner_inside_a_region_differs() -> None:
    assert judge(INSIDE, Ours(FIRST), ()) is Verdict.DIFFERENT


def test_an_owner_where_ours_names_none_differs() -> None:
    assert judge(INSIDE, Ours(None), (FIRST,)) is Verdict.DIFFERENT


def test_a_point_at_sea_belongs_to_nobody() -> None:
    assert judge(INSIDE, Ours(None), ()) is Verdict.NOBODY


def test_only_what_we_call_nearest_is_excused_off_the_coast() -> None:
    assert judge(INSIDE, Ours(FIRST, is_nearest=True), ()) is Verdict.COAST
    assert judge(INSIDE, Ours(FIRST, is_nearest=True), (SECOND,)) is Verdict.DIFFERENT


def test_on_an_outline_a_peer_may_name_all_neighbours() -> None:
    assert judge(VERTEX, Ours(FIRST), VERTEX.neighbours) is Verdict.TIE


def test_on_an_outline_a_peer_may_name_nobody() -> None:
    assert judge(VERTEX, Ours(FIRST), ()) is Verdict.LEFT_OUT


def test_on_an_outline_a_peer_may_name_another_neighbour() -> None:
    assert judge(VERTEX, Ours(FIRST), (SECOND,)) is Verdict.SOME


def test_on_an_outline_a_stranger_differs() -> None:
    assert judge(VERTEX, Ours(FIRST), (FIRST, "26110101")) is Verdict.DIFFERENT


def test_on_an_outline_ours_has_to_be_the_smallest_code() -> None:
    assert judge(VERTEX, Ours(SECOND), (SECOND,)) is Verdict.DIFFERENT
    assert judge(VERTEX, Ours(SECOND), VERTEX.neighbours) is Verdict.DIFFERENT


def test_a_coarser_level_compares_the_beginning_of_the_code() -> None:
    assert judge(VERTEX, Ours(FIRST), ("11110",), digits=5) is Verdict.SAME
    assert judge(VERTEX, Ours(FIRST), ("11110", "11140"), digits=5) is Verdict.TIE
    assert judge(INSIDE, Ours(FIRST), ("11140",), digits=5) is Verdict.DIFFERENT


def test_one_difference_ends_the_agreement_and_is_told() -> None:
    answers = [(FIRST,), (SECOND,)]
    found = compare("a peer", [INSIDE, INSIDE], [Ours(FIRST), Ours(FIRST)], answers)
    assert not found.agrees
    assert found.counts == {Verdict.SAME: 1, Verdict.DIFFERENT: 1}
    assert found.differences == [f"127.0 37.5: ours {FIRST}, theirs {SECOND}"]


def test_nothing_compared_is_no_agreement() -> None:
    assert not Comparison("a peer").agrees
