"""All targets count, and a target that was not measured is not met."""

import pytest

from bench.geo import targets
from bench.serving.figures import Series


def series(*values: float) -> Series:
    return Series("x", "requests/s", list(values))


def full_marks() -> dict[str, Series]:
    """Return rates with which every target is met exactly."""
    measured = {}
    for each in (*targets.TARGETS, *targets.KNOWN_TILE):
        measured.setdefault(each.below, series(100))
        measured[each.above] = series(100 * each.bound)
    measured[targets.OURS] = series(1500)
    return measured


def test_all_targets_can_be_met() -> None:
    assert targets.all_met(full_marks())


@pytest.mark.parametrize("name", [each.above for each in targets.TARGETS])
def test_every_target_counts(name: str) -> None:
    measured = full_marks()
    del measured[name]
    assert not targets.all_met(measured)


def test_a_warm_tile_is_enough_where_a_304_is_slow() -> None:
    measured = full_marks() | {targets.NOT_MODIFIED: series(1)}
    assert targets.all_met(measured)
    assert not targets.all_met(measured | {targets.WARM: series(1)})
