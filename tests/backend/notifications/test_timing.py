"""When somebody may be told: never in quiet hours, never late without a reason."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.notifications.timing import NIGHT, SEOUL, DigestTime, QuietHours, push_due_at

MOMENTS = st.integers(0, 3 * 366 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
TIMES = st.times().map(lambda at: at.replace(second=0, microsecond=0))
QUIET = (
    st.tuples(TIMES, TIMES)
    .filter(lambda pair: pair[0] != pair[1])
    .map(lambda pair: QuietHours(*pair))
)


def seoul(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SEOUL)


@pytest.mark.parametrize(
    ("moment", "due"),
    [
        ("2026-11-23 20:59", "2026-11-23 20:59"),
        ("2026-11-23 21:00", "2026-11-24 08:00"),
        ("2026-11-23 23:59:59", "2026-11-24 08:00"),
        ("2026-11-24 00:00", "2026-11-24 08:00"),
        ("2026-11-24 07:59:59", "2026-11-24 08:00"),
        ("2026-11-24 08:00", "2026-11-24 08:00"),
        ("2026-12-31 22:00", "2027-01-01 08:00"),
        ("2028-02-28 22:00", "2028-02-29 08:00"),
    ],
)
def test_the_usual_night_ends_at_eight_in_the_morning(moment: str, due: str) -> None:
    assert push_due_at(seoul(moment), NIGHT, advertises=False) == seoul(due)


@pytest.mark.parametrize(
    ("moment", "due"),
    [
        ("2026-11-23 12:59", "2026-11-23 12:59"),
        ("2026-11-23 13:00", "2026-11-23 15:00"),
        ("2026-11-23 15:00", "2026-11-23 15:00"),
    ],
)
def test_quiet_hours_may_lie_within_one_day(moment: str, due: str) -> None:
    nap = QuietHours(time(13), time(15))
    assert push_due_at(seoul(moment), nap, advertises=False) == seoul(due)


def test_what_advertises_is_silent_at_night_even_for_who_has_no_quiet_hours() -> None:
    night = seoul("2026-11-23 23:00")
    assert push_due_at(night, None, advertises=True) == seoul("2026-11-24 08:00")
    assert push_due_at(night, None, advertises=False) == night


def test_both_nights_are_waited_out() -> None:
    late_riser = QuietHours(time(7), time(10))
    due = push_due_at(seoul("2026-11-23 23:00"), late_riser, advertises=True)
    assert due == seoul("2026-11-24 10:00")


def test_hours_that_leave_no_time_leave_no_push() -> None:
    assert (
        push_due_at(seoul("2026-11-23 12:00"), QuietHours(time(8), time(21)), advertises=True)
        is None
    )


@given(MOMENTS, QUIET)
def test_nothing_rings_in_quiet_hours_and_nothing_waits_a_day(
    moment: datetime, quiet: QuietHours
) -> None:
    due = push_due_at(moment, quiet, advertises=False)
    assert due is not None
    assert moment <= due < moment + timedelta(days=1)
    assert quiet.end_after(due) == due


@pytest.mark.parametrize(
    ("digest", "moment", "due"),
    [
        (DigestTime("daily", 8, 1), "2026-11-23 07:59", "2026-11-23 08:00"),
        (DigestTime("daily", 8, 1), "2026-11-23 08:00", "2026-11-24 08:00"),
        (DigestTime("daily", 0, 1), "2026-12-31 23:59", "2027-01-01 00:00"),
        (DigestTime("weekly", 8, 1), "2026-11-23 07:00", "2026-11-23 08:00"),
        (DigestTime("weekly", 8, 1), "2026-11-23 08:00", "2026-11-30 08:00"),
        (DigestTime("weekly", 8, 7), "2026-11-23 12:00", "2026-11-29 08:00"),
    ],
)
def test_a_digest_comes_at_its_hour(digest: DigestTime, moment: str, due: str) -> None:
    assert digest.next_after(seoul(moment)) == seoul(due)


@given(MOMENTS, st.sampled_from(("daily", "weekly")), st.integers(0, 23), st.integers(1, 7))
def test_a_digest_is_always_ahead_and_never_further_than_its_period(
    moment: datetime, every: str, hour: int, weekday: int
) -> None:
    due = DigestTime(every, hour, weekday).next_after(moment)
    assert timedelta(0) < due - moment <= timedelta(days=7 if every == "weekly" else 1)
    local = due.astimezone(SEOUL)
    assert (local.hour, local.minute) == (hour, 0)
    assert every == "daily" or local.isoweekday() == weekday
