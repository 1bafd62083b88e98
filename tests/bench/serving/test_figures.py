"""Ratios count within a round, and a target says honestly when it was not measured."""

import pytest

from bench.serving.figures import Series, Target, best, judge, ratio


def series(*values: float) -> Series:
    return Series("x", "requests/s", list(values))


def test_a_ratio_is_taken_round_by_round() -> None:
    # The machine was busy in the second round, for both sides alike.
    assert ratio([300, 30, 320], [100, 10, 100]) == pytest.approx(3)


def test_one_disturbed_round_does_not_decide() -> None:
    assert ratio([300, 300, 300], [100, 100, 1]) == pytest.approx(3)


def test_series_of_different_rounds_have_no_ratio() -> None:
    with pytest.raises(ValueError, match="zip"):
        ratio([1, 2], [1])


def test_the_spread_is_a_share_of_the_median() -> None:
    assert series(90, 100, 120).spread == pytest.approx(0.3)


def test_a_floor_is_met_from_its_bound_on() -> None:
    floor = Target("a / b", "a", "b", 3)
    assert judge(floor, {"a": series(300), "b": series(100)}).is_met
    assert not judge(floor, {"a": series(299), "b": series(100)}).is_met


def test_a_ceiling_is_met_up_to_its_bound() -> None:
    ceiling = Target("a / b", "a", "b", 2.5, at_least=False)
    assert judge(ceiling, {"a": series(250), "b": series(100)}).is_met
    assert not judge(ceiling, {"a": series(251), "b": series(100)}).is_met


def test_what_was_not_measured_is_not_met() -> None:
    outcome = judge(Target("a / b", "a", "b", 0), {"a": series(1)})
    assert outcome.value is None
    assert not outcome.is_met


def test_the_better_of_two_ways_counts() -> None:
    low, high = (Target(name, name, "base", 0.6) for name in ("low", "high"))
    measured = {"low": series(10), "high": series(70), "base": series(100)}
    assert best([judge(low, measured), judge(high, measured)]).target is high
