"""Owns the counting of reads in the memory of one process: a number per caller, and no statement.

A read is cheaper than the statement that would count it, so each process counts its own; what is
refused is what would wear a process down, not an exact number. The algorithm is the generic cell
rate algorithm (ITU-T I.371, annex A): a bucket of `requests` that fills up again evenly.
"""

from collections import OrderedDict
from threading import Lock

from backend.config.limits import Rate

MOST_CALLERS = 50_000
"""Callers remembered at a time, about 10 MB; of more, those seen longest ago are forgotten."""


class Buckets:
    """The buckets of all callers of one process.

    :param most_callers: callers remembered at a time.
    """

    def __init__(self, most_callers: int = MOST_CALLERS) -> None:
        self._most_callers = most_callers
        self._full_at: OrderedDict[str, float] = OrderedDict()
        self._lock = Lock()

    def take(self, caller: str, rate: Rate, now_s: float) -> float:
        """Take one request out of a bucket; return 0, or the seconds until there is one.

        :param now_s: seconds of any clock, the same for all calls.
        """
        interval_s = rate.window_s / rate.requests
        with self._lock:
            full_at = max(now_s, self._full_at.get(caller, now_s))
            if full_at - now_s > 2 * rate.window_s:
                # The clock was put back; nobody waits for it to catch up.
                full_at = now_s
            wait_s = full_at + interval_s - now_s - rate.window_s
            # Sums of intervals miss a whole window by what seconds since 1970 are rounded by.
            if wait_s > interval_s / 100:
                return wait_s
            self._full_at[caller] = full_at + interval_s
            self._full_at.move_to_end(caller)
            if len(self._full_at) > self._most_callers:
                self._full_at.popitem(last=False)
        return 0
