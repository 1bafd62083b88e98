"""Owns when a failed job runs again, and when it is given up."""

from procrastinate.jobs import Job
from procrastinate.retry import BaseRetryStrategy, RetryDecision

MAX_ATTEMPTS = 10
FIRST_WAIT_S = 10
LONGEST_WAIT_S = 3600


class Superseded(Exception):
    """A job failed while its twin with the same dedup key waits: the twin does the work."""


class Backoff(BaseRetryStrategy):
    """Doubles the wait from `FIRST_WAIT_S` to `LONGEST_WAIT_S`; the tenth failure is the last.

    Ten attempts span almost an hour and a half: longer than a restart or an upgrade of what a
    task depends on, short enough for the failure to be looked at on the day.
    """

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """Return when to try again, or None to give up."""
        if isinstance(exception, Superseded) or job.attempts + 1 >= MAX_ATTEMPTS:
            return None
        return RetryDecision(retry_in={"seconds": wait_s(job.attempts)})


def wait_s(attempts: int) -> int:
    """Return the seconds to wait after a failure that `attempts` failures came before."""
    return min(FIRST_WAIT_S << attempts, LONGEST_WAIT_S)
