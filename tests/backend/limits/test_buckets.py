"""A bucket gives what it holds, fills up evenly, and forgets those not seen for long."""

from hypothesis import given
from hypothesis import strategies as st

from backend.config.limits import Rate
from backend.limits.buckets import Buckets

RATES = st.builds(Rate, st.integers(1, 50), st.integers(1, 3600))


@given(RATES, st.floats(0, 4e9))
def test_a_full_bucket_gives_exactly_what_it_holds(rate: Rate, now_s: float) -> None:
    buckets = Buckets()
    assert [buckets.take("k", rate, now_s) for _ in range(rate.requests)] == [0] * rate.requests
    assert buckets.take("k", rate, now_s) > 0


@given(RATES, st.lists(st.floats(0, 100), min_size=1, max_size=100))
def test_no_time_sees_more_than_a_bucket_and_what_flows_in(
    rate: Rate, waits_s: list[float]
) -> None:
    buckets, now_s, taken = Buckets(), 0.0, 0
    for wait_s in waits_s:
        now_s += wait_s
        taken += buckets.take("k", rate, now_s) == 0
    assert taken <= rate.requests + now_s * rate.requests / rate.window_s + 1


@given(RATES)
def test_after_the_wait_that_is_named_there_is_one(rate: Rate) -> None:
    buckets = Buckets()
    for _ in range(rate.requests):
        buckets.take("k", rate, 0)
    assert buckets.take("k", rate, buckets.take("k", rate, 0)) == 0


def test_callers_do_not_share_a_bucket() -> None:
    buckets, rate = Buckets(), Rate(1, 60)
    assert [buckets.take(caller, rate, 0) for caller in "abc"] == [0, 0, 0]
    assert buckets.take("a", rate, 0) > 0


def test_memory_is_bounded_and_the_latest_are_remembered() -> None:
    buckets, rate = Buckets(most_callers=2), Rate(1, 60)
    for caller in "abc":
        buckets.take(caller, rate, 0)
    assert buckets.take("c", rate, 0) > 0
    assert buckets.take("a", rate, 0) == 0


def test_a_clock_put_back_keeps_nobody_waiting() -> None:
    buckets, rate = Buckets(), Rate(1, 60)
    buckets.take("k", rate, 100_000)
    assert buckets.take("k", rate, 0) == 0
