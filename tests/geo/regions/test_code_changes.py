"""Lists of changed codes: what is read, what is refused, and what codes have become."""

import gzip
import os
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, func, select

from backend.config import ROOT
from geo.regions.code_changes import (
    CodesInCircle,
    Trail,
    check_circles,
    kinds_of,
    list_changes,
    load_changes,
    read_trail,
)
from geo.regions.code_lists import CodeChange, ListUnreadable, read_ministry, read_plain
from geo.regions.models import CodeChangeRow

NOW = datetime(2026, 7, 1, tzinfo=UTC)
DAY, LATER = date(2010, 1, 1), date(2014, 7, 1)
A, B, C, D = "11110101", "11110102", "11110103", "11110104"


@pytest.fixture(scope="session")
def ministry() -> str:
    """The ministry's list, which lies beside the repository."""
    shared = Path(os.environ.get("DONGNE_SHARED", ROOT.parent / "shared"))
    path = shared / "data" / "legal_dong_codes_2021.csv.gz"
    if not path.is_file():
        pytest.skip("no list of legal dong: set DONGNE_SHARED to the folder that holds data/")
    return gzip.decompress(path.read_bytes()).decode()


def test_a_plain_list_gives_codes_cut_to_their_level() -> None:
    found = read_plain("old_code,new_code,effective_on\n2811010100,28121101,2026-07-01\n")
    assert list(found.changes) == [CodeChange("28110101", "28121101", date(2026, 7, 1))]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("2811,28121101,2026-07-01", "digits"),
        ("28110101,28121,2026-07-01", "different levels"),
        ("28110101,28110101,2026-07-01", "the same region"),
        ("28110101,28121101,07/01", "no date"),
        ("28110101,28121101,", "missing"),
        ("28110101", "missing"),
    ],
)
def test_a_line_at_fault_is_named(row: str, words: str) -> None:
    found = read_plain(f"old_code,new_code,effective_on\n{A},{B},2026-07-01\n{row}\n")
    assert [fault.line for fault in found.faults] == [3]
    assert words in found.faults[0].message


def test_another_table_is_refused() -> None:
    with pytest.raises(ListUnreadable, match="old_code"):
        read_plain("code,name\n1,2\n")


def test_the_ministrys_former_code_may_be_the_younger() -> None:
    found = read_ministry(
        "code,created_on,abolished_on,former_code\n"
        "4311310100,1995-01-01,2014-07-01,4311210100\n"
        "4311210100,2014-07-01,,\n"
    )
    assert list(found.changes) == [CodeChange("43113101", "43112101", LATER)]


def test_the_ministrys_list_is_read_whole(ministry: str) -> None:
    found = read_ministry(ministry)
    lines = len(found.changes) + len(found.faults) + sum(found.skipped.values())
    assert ministry.count("\n") - 1 == 46_289
    assert (len(found.changes), len(found.faults)) == (1000, 24)
    # Several ri of one eup or myeon say the same change.
    assert 46_289 - lines == 2_378
    assert {len(change.old_code) for change in found.changes} <= {2, 5, 8}
    check_circles(found.changes)


def test_the_ministrys_list_knows_cheongju(ministry: str) -> None:
    trail = Trail(read_ministry(ministry).changes)
    assert trail.ends("43113101", {"43112101"}) == {"43112101"}


def test_a_chain_is_followed_to_the_first_known_code() -> None:
    trail = Trail([CodeChange(A, B, DAY), CodeChange(B, C, LATER)])
    assert trail.ends(A, {C}) == {C}
    assert trail.ends(A, {B, C}) == {B}


def test_a_chain_is_not_followed_back_in_time() -> None:
    trail = Trail([CodeChange(A, B, LATER), CodeChange(B, C, DAY)])
    assert trail.ends(A, {C}) == set()


def test_a_trail_backwards_returns() -> None:
    trail = Trail([CodeChange(A, B, DAY), CodeChange(B, C, LATER)], backwards=True)
    assert trail.ends(C, {A}) == {A}


def test_a_code_may_return_after_years() -> None:
    changes = [CodeChange(A, B, DAY), CodeChange(B, A, LATER)]
    check_circles(changes)
    assert Trail(changes).ends(A, {C}) == set()


def test_a_circle_on_one_day_is_refused() -> None:
    with pytest.raises(CodesInCircle, match=A):
        check_circles([CodeChange(A, B, DAY), CodeChange(B, C, DAY), CodeChange(C, A, DAY)])


def test_splits_and_mergers_are_recognised() -> None:
    split = [CodeChange(A, B, DAY), CodeChange(A, C, DAY)]
    merged = [CodeChange(B, D, LATER), CodeChange(C, D, LATER)]
    renamed = CodeChange(D, A, date(2020, 1, 1))
    kinds = kinds_of([*split, *merged, renamed])
    assert [kinds[change] for change in (*split, *merged, renamed)] == [
        "split", "split", "merged", "merged", "renamed",
    ]  # fmt: skip


def test_loading_again_changes_nothing(connection: Connection) -> None:
    changes = [CodeChange(A, B, DAY), CodeChange(B, C, LATER)]
    first = load_changes(connection, changes, source="a", now=NOW)
    again = load_changes(connection, changes, source="b", now=NOW)
    assert (first.added, again.added, again.present) == (2, 0, 2)
    assert connection.scalar(select(func.count()).select_from(CodeChangeRow)) == 2
    assert {row.source for row in list_changes(connection, A)} == {"a"}


def test_a_second_list_can_make_a_split_of_a_renaming(connection: Connection) -> None:
    load_changes(connection, [CodeChange(A, B, DAY)], source="a", now=NOW)
    load_changes(connection, [CodeChange(A, C, DAY)], source="b", now=NOW)
    assert [row.kind for row in list_changes(connection, A)] == ["split", "split"]


def test_a_circle_across_two_lists_is_refused(connection: Connection) -> None:
    load_changes(connection, [CodeChange(A, B, DAY)], source="a", now=NOW)
    with pytest.raises(CodesInCircle):
        load_changes(connection, [CodeChange(B, A, DAY)], source="b", now=NOW)


def test_only_changes_between_the_dates_count(connection: Connection) -> None:
    load_changes(connection, [CodeChange(A, B, DAY), CodeChange(B, C, LATER)], source="a", now=NOW)
    assert read_trail(connection, DAY, LATER).ends(A, {B, C}) == set()
    assert read_trail(connection, date(2009, 1, 1), DAY).ends(A, {B, C}) == {B}
    assert read_trail(connection, LATER, date(2009, 1, 1)).ends(C, {A}) == {A}


CODES = st.sampled_from([A, B, C, D])
CHANGES = st.sets(
    st.builds(CodeChange, CODES, CODES, st.sampled_from([DAY, LATER])).filter(
        lambda change: change.old_code != change.new_code
    ),
    max_size=8,
)


@given(CHANGES, CODES)
def test_what_is_found_forwards_is_found_backwards(changes: set[CodeChange], code: str) -> None:
    try:
        check_circles(changes)
    except CodesInCircle:
        return
    heirs = {change.new_code for change in changes} - {change.old_code for change in changes}
    back = Trail(changes, backwards=True)
    for end in Trail(changes).ends(code, heirs - {code}):
        assert code in back.ends(end, {code})
