"""Owns when somebody may be told by which channel; reads no clock and no table."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

SEOUL = ZoneInfo("Asia/Seoul")
"""Everybody's hours; it has known no summer time since 1988."""

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """A part of each day, in Seoul, in which no telephone rings.

    :param starts: first quiet minute.
    :param ends: first minute that is not quiet any more; before `starts`, it is on the next day.
    """

    starts: time
    ends: time

    def end_after(self, moment: datetime) -> datetime:
        """Return when the quiet hours that `moment` lies in are over; itself outside of them."""
        local = moment.astimezone(SEOUL)
        at = local.time()
        over_midnight = self.ends < self.starts
        if over_midnight:
            quiet = at >= self.starts or at < self.ends
        else:
            quiet = self.starts <= at < self.ends
        if not quiet:
            return moment
        end = datetime.combine(local.date(), self.ends, tzinfo=SEOUL)
        if over_midnight and at >= self.starts:
            end += DAY
        return end.astimezone(moment.tzinfo)


NIGHT = QuietHours(time(21), time(8))
"""When nothing may advertise (Information and Communications Network Act, article 50(3))."""


@dataclass(frozen=True, slots=True)
class DigestTime:
    """When a person reads what came in between.

    :param every: ``daily`` or ``weekly``.
    :param hour: 0 to 23, in Seoul.
    :param weekday: 1 (Monday) to 7, where weekly.
    """

    every: str
    hour: int
    weekday: int

    def next_after(self, moment: datetime) -> datetime:
        """Return the first digest after `moment`, never `moment` itself."""
        local = moment.astimezone(SEOUL)
        at = datetime.combine(local.date(), time(self.hour), tzinfo=SEOUL)
        if self.every == "weekly":
            at += DAY * ((self.weekday - at.isoweekday()) % 7)
        if at <= local:
            at += DAY * (7 if self.every == "weekly" else 1)
        return at.astimezone(moment.tzinfo)


def push_due_at(moment: datetime, quiet: QuietHours | None, *, advertises: bool) -> datetime | None:
    """Return when a telephone may ring for something of `moment`, None when never.

    :param moment: when it happened (aware).
    :param quiet: the person's own quiet hours.
    :param advertises: whether the law's night applies as well; together with the person's own
        hours it may leave no time at all.
    """
    windows = [window for window in (quiet, NIGHT if advertises else None) if window is not None]
    due = moment
    # Each window can push out of itself into the other once; then they cover the day.
    for _ in range(len(windows) + 1):
        before = due
        for window in windows:
            due = window.end_after(due)
        if due == before:
            return due
    return None
