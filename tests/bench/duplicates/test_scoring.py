"""The figures of the benchmark of duplicates, on pairs whose scores are known."""

import json
from pathlib import Path

import pytest

from backend.proposals.similar.signals import WEIGHTS, Signal
from bench.duplicates.labelled import Pair, read
from bench.duplicates.scoring import Found, best_threshold, by_families, tally, wilson


def found(score: float, is_duplicate: bool, family: str = "t01") -> Found:
    """Return a pair that has a score by every signal."""
    signals = tuple(Signal(name, score, "", "") for name in WEIGHTS)
    return Found(Pair(f"{family}b", f"{family}a", is_duplicate, "kind"), signals)


FOUR = [found(0.9, True), found(0.8, False), found(0.7, True, "t02"), found(0.1, False, "t02")]


def test_what_is_told_is_right_wrong_or_missed() -> None:
    one = tally(FOUR, 0.75)
    assert (one.right, one.wrong, one.missed) == (1, 1, 1)
    assert (one.precision, one.recall, one.f1) == (0.5, 0.5, 0.5)
    assert tally(FOUR, 0.75, without="age") == one


def test_what_was_no_candidate_is_never_told() -> None:
    assert tally([Found(FOUR[0].pair, ())], 0.01).missed == 1


def test_the_best_threshold_is_among_those_that_are_best() -> None:
    assert tally(FOUR, best_threshold(FOUR)).f1 == max(
        tally(FOUR, number / 100).f1 for number in range(30, 100)
    )


def test_intervals_are_wilsons() -> None:
    assert wilson(8, 10) == pytest.approx((0.4902, 0.9433), abs=1e-4)
    assert wilson(10, 10)[1] == pytest.approx(1)
    assert wilson(0, 0) == (0.0, 1.0)


def test_families_are_drawn_whole() -> None:
    alike = [found(0.9, True, f"t{number:02}") for number in range(9)]
    assert by_families(alike, lambda one: one.recall) == (1.0, 1.0)


def test_the_later_one_asks(tmp_path: Path) -> None:
    row = {"title": "", "problem": "", "idea": None, "category": "safety", "lon": 0, "lat": 0}
    proposals = [
        {"id": "t01a", "submitted": "2026-05-01", **row},
        {"id": "t01b", "submitted": "2026-04-01", **row},
    ]
    pair = {"a": "t01b", "b": "t01a", "duplicate": True, "kind": "typo", "note": ""}
    path = tmp_path / "pairs.json"
    path.write_text(json.dumps({"proposals": proposals, "pairs": [pair]}), encoding="utf-8")
    assert read(path).pairs == [Pair("t01a", "t01b", True, "typo")]
